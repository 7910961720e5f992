package dev.lanewise.nn.layer;

import dev.lanewise.nn.init.Initializer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients in training, by the input and by all weights, against finite differences. */
class LayerGradientsTest {
  private static final Initializer ANY = Initializer.normal(0.5);

  private static Arguments of(Layer layer, int... batch) {
    return Arguments.of(layer, batch);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        of(new AdaptiveAvgPool2D(2, 3), 1, 2, 5, 4),
        of(new AdaptiveMaxPool2D(3, 2), 1, 2, 5, 4),
        of(new AvgPool1D(3, 2).padding("same"), 2, 2, 6),
        of(new AvgPool2D(2), 2, 2, 5, 4),
        of(new AvgPool3D(2, 1), 1, 2, 3, 2, 3),
        of(new BatchNormalization().gammaInitializer(ANY).betaInitializer(ANY), 4, 3),
        of(new BatchNormalization().gammaInitializer(ANY), 2, 2, 3, 2),
        of(new BatchNormalization().axis(-1).gammaInitializer(ANY), 3, 2, 3),
        of(new BatchNormalization().scale(false).center(false), 4, 2),
        of(new Conv1D(4, 3, "gelu").stride(2).groups(2).biasInitializer(ANY), 2, 2, 8),
        of(new Conv2D(2, new int[] {2, 3}, "tanh").dilation(2, 1).stride(1, 2), 2, 2, 5, 6),
        of(new Conv2DTranspose(2, 3, "tanh").stride(2).padding("same"), 2, 3, 3, 2),
        of(new Conv2DTranspose(3, 2).dilation(2).useBias(false), 1, 2, 3, 2),
        of(new Conv3D(2, 2, "sigmoid").biasInitializer(ANY), 1, 2, 3, 3, 2),
        of(new Cropping1D(1, 2), 2, 2, 5),
        of(new Cropping2D(1, 0, 2, 1), 2, 2, 5, 6),
        of(new DepthwiseConv2D(3, "mish").depthMultiplier(2).padding("same"), 2, 2, 4, 3),
        of(new ELU(0.7), 3, 4),
        of(new FeatureNormalization(), 3, 4),
        of(new GlobalAvgPool1D(), 2, 3, 4),
        of(new GlobalMaxPool2D(), 2, 3, 2, 3),
        of(new GroupNormalization(2).gammaInitializer(ANY).betaInitializer(ANY), 2, 4, 3),
        of(new GroupNormalization(-1).gammaInitializer(ANY), 2, 3, 2, 2),
        of(new LayerNormalization().gammaInitializer(ANY).betaInitializer(ANY), 2, 3, 4),
        of(new LayerNormalization().axes(2).gammaInitializer(ANY), 2, 3, 4),
        of(new LeakyReLU(), 3, 4),
        of(new MaxPool1D(2), 2, 3, 5),
        of(new MaxPool3D(2), 1, 2, 4, 2, 5),
        of(new Permute(2, 1), 2, 3, 4),
        of(new PReLU().alphaInitializer(ANY), 4, 3),
        of(new PReLU().sharedAxes(2, -1).alphaInitializer(ANY), 2, 3, 2, 2),
        of(new RMSNormalization().gammaInitializer(ANY), 2, 3, 4),
        of(new ReLU(0.5), 3, 4),
        of(new RepeatVector(3), 2, 4),
        of(new Rescaling(0.5, -1), 2, 3),
        of(new SeparableConv2D(3, 2, "tanh").depthMultiplier(2).stride(2), 2, 2, 5, 4),
        of(new Softmax(1), 2, 3, 2),
        of(new UnitNormalization(), 3, 4),
        of(new UpSampling1D(3), 2, 2, 4),
        of(new UpSampling2D(2, 3), 2, 2, 2, 3),
        of(new UpSampling2D(2).interpolation("bilinear"), 1, 2, 3, 3),
        of(new ZeroPadding1D(3, 1), 2, 2, 2),
        of(new ZeroPadding2D(1, 2), 2, 2, 2, 3));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void areThoseOfDifferences(Layer layer, int[] batch) {
    LayerGradients.check(layer, batch);
  }
}
