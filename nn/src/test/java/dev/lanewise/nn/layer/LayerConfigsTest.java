package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer that is made of the config of another computes the same. */
class LayerConfigsTest {
  private static Arguments of(Layer layer, int... sample) {
    return Arguments.of(layer, sample);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        of(new ActivityRegularization(0.1, 0.2), 3),
        of(new AdaptiveAvgPool2D(2, 3), 2, 5, 4),
        of(new AdaptiveMaxPool2D(3, 1), 2, 5, 4),
        of(new AlphaDropout(0.3), 4),
        of(new AvgPool1D(2), 3, 7),
        of(new AvgPool2D(new int[] {2, 3}).stride(1, 2).padding("same"), 2, 5, 7),
        of(new AvgPool3D(2, 1), 2, 3, 4, 3),
        of(new BatchNormalization().axis(-1).momentum(0.5).epsilon(0.1).center(false), 4, 3),
        of(BatchNormalization.pytorch().scale(false), 3, 4, 4),
        of(new Conv1D(4, 3, "gelu").stride(2).groups(2), 2, 9),
        of(new Conv2D(4, new int[] {3, 2}, "relu").stride(2, 1).dilation(1, 2), 2, 7, 8),
        of(new Conv2D(3, 3).padding("same").useBias(false), 2, 5, 5),
        of(new Conv2DTranspose(2, new int[] {3, 2}, ActivationFunction.TANH).stride(2), 3, 4, 4),
        of(new Conv3D(2, new int[] {2, 1, 3}, "elu").padding("same"), 2, 3, 4, 5),
        of(new Cropping1D(1, 2), 2, 5),
        of(new Cropping2D(1, 0, 2, 1), 2, 5, 6),
        of(new DepthwiseConv2D(3, "selu").depthMultiplier(2).padding("same"), 2, 4, 4),
        of(new Dropout(0.4), 5),
        of(new ELU(0.7), 3),
        of(new FeatureNormalization(1), 3, 2),
        of(new GaussianDropout(0.2), 4),
        of(new GaussianNoise(0.5), 4),
        of(new GlobalAvgPool1D().keepDims(true), 3, 5),
        of(new GlobalAvgPool2D(), 3, 4, 2),
        of(new GlobalAvgPool3D(), 3, 2, 1, 2),
        of(new GlobalMaxPool1D(), 3, 5),
        of(new GlobalMaxPool2D().keepDims(true), 3, 4, 2),
        of(new GlobalMaxPool3D(), 3, 2, 1, 2),
        of(new GroupNormalization(2).epsilon(0.5), 4, 3),
        of(new LayerNormalization().axes(2).scale(false), 4, 3),
        of(new LeakyReLU(0.2), 3),
        of(new MaxPool1D(3, 1).padding("same"), 2, 6),
        of(new MaxPool2D(3, 2), 2, 7, 8),
        of(new MaxPool3D(new int[] {2, 1, 3}).padding("same"), 2, 3, 4, 5),
        of(new Permute(3, 1, 2), 2, 3, 4),
        of(new PReLU().sharedAxes(2), 3, 2),
        of(new RMSNormalization().axes(2), 3, 2),
        of(new ReLU(), 4),
        of(new ReLU(0.5), 4),
        of(new RepeatVector(3), 2),
        of(new Rescaling(0.5, -1), 3),
        of(new SeparableConv2D(3, 2, "relu").depthMultiplier(2).stride(2), 2, 5, 4),
        of(new Softmax(1), 3, 2),
        of(new SpatialDropout1D(0.5), 6, 2),
        of(new SpatialDropout2D(0.5), 6, 2, 2),
        of(new SpatialDropout3D(0.5), 6, 2, 1, 2),
        of(new UnitNormalization(1), 3, 2),
        of(new UpSampling1D(3), 2, 4),
        of(new UpSampling2D(2, 3).interpolation("bilinear"), 2, 3, 2),
        of(new ZeroPadding1D(3, 1), 2, 2),
        of(new ZeroPadding2D(1, 2, 0, 3), 2, 2, 2));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerOfAConfigComputesTheSame(Layer layer, int[] sample) {
    Layer again = LayerTypes.standard().make(named(layer.config()));
    assertNotSame(layer, again);
    assertEquals(layer.getClass(), again.getClass());
    Map<String, Object> settings = named(layer.config()).asMap();
    assertEquals(settings, named(again.config()).asMap());

    Shape shape = Shape.of(sample);
    assertEquals(layer.outputShape(shape), again.outputShape(shape));
    Built.of(layer, sample);
    Built.of(again, sample);
    int[] batch = new int[sample.length + 1];
    batch[0] = 3;
    System.arraycopy(sample, 0, batch, 1, sample.length);
    Tensor x = Built.normal(batch);
    for (boolean training : new boolean[] {false, true, true, false}) {
      Tensor y = layer.apply(x, training);
      assertEquals(layer.outputShape(shape), sampleOf(y));
      assertArrayEquals(y.toDoubleArray(), again.apply(x, training).toDoubleArray());
    }
    assertEquals(settings, named(layer.config()).asMap());
  }

  private static Shape sampleOf(Tensor y) {
    return Shape.of(Arrays.copyOfRange(y.shape().dims(), 1, y.shape().rank()));
  }

  /** {@return the config with initializers by their names} */
  private static Config named(Config config) {
    Map<String, Object> settings = new LinkedHashMap<>(config.asMap());
    settings.computeIfPresent("kernelInitializer", (_, _) -> "glorot_uniform");
    settings.computeIfPresent("biasInitializer", (_, _) -> "zeros");
    return Config.of(settings);
  }
}
