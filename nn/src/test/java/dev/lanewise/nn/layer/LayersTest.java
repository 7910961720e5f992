package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.init.Initializer;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayersTest {
  private static BuildContext f32() {
    return new BuildContext(Backends.best(), DType.F32, new Generator(1));
  }

  @Test
  void denseMultipliesAddsAndActivates() {
    Dense dense = new Dense(2, "relu");
    dense.build(Shape.of(3), f32());
    dense.weights().get(0).assign(1, -1, 2, -2, 3, -3);
    dense.weights().get(1).assign(0.5f, 0.25f);
    Tensor y = dense.apply(Tensor.of(new float[] {1, 1, 1, -1, 0, 0}, 2, 3), false);
    // 1 + 2 + 3 + 0.5, and max(0, -6 + 0.25); max(0, -1 + 0.5), and 1 + 0.25.
    assertArrayEquals(new float[] {6.5f, 0, 0, 1.25f}, y.toFloatArray());
  }

  @Test
  void weightsAreNamedByLayerAndRole() {
    Layer dense = new Dense(4).named("hidden");
    dense.build(Shape.of(3), f32());
    assertEquals(
        List.of("hidden/kernel", "hidden/bias"),
        dense.weights().stream().map(Weight::name).toList());
    assertEquals(Shape.of(3, 4), dense.weights().get(0).value().shape());
    assertEquals(Shape.of(4), dense.weights().get(1).value().shape());
  }

  @Test
  void denseWithoutBiasHasOneWeight() {
    Dense dense = new Dense(2).useBias(false).kernelInitializer(Initializer.constant(2));
    dense.build(Shape.of(2), f32());
    assertEquals(1, dense.weights().size());
    Tensor y = dense.apply(Tensor.of(new float[] {1, 3}, 1, 2), false);
    assertArrayEquals(new float[] {8, 8}, y.toFloatArray());
  }

  @Test
  void denseWorksOnTheLastAxis() {
    Dense dense = new Dense(5);
    dense.build(Shape.of(4, 3), f32());
    assertEquals(Shape.of(4, 5), dense.outputShape(Shape.of(4, 3)));
    assertEquals(Shape.of(2, 4, 5), dense.apply(Tensor.ones(2, 4, 3), false).shape());
  }

  @ParameterizedTest
  @EnumSource
  void denseGradients(ActivationFunction activation) {
    Dense dense = new Dense(4, activation).biasInitializer(Initializer.normal(0.5));
    LayerGradients.check(dense, 3, 5);
  }

  @ParameterizedTest
  @EnumSource
  void activationLayerAppliesItsFunction(ActivationFunction function) {
    Activation layer = new Activation(function.name().toLowerCase(Locale.ROOT));
    layer.build(Shape.of(3), f32());
    Tensor x = Tensor.of(new float[] {-1, 0.5f, 2}, 1, 3);
    assertArrayEquals(function.apply(x).toFloatArray(), layer.apply(x, false).toFloatArray());
    // What Dense computes on the way is the same function.
    function
        .elementwise()
        .ifPresent(
            op ->
                assertArrayEquals(
                    function.apply(x).toFloatArray(),
                    Tensor.map(Expr.unary(op, Expr.arg(0)), new double[0], x).toFloatArray()));
  }

  @Test
  void convolutionShapes() {
    Shape image = Shape.of(3, 8, 9);
    assertEquals(Shape.of(5, 6, 7), new Conv2D(5, 3).outputShape(image));
    assertEquals(Shape.of(5, 8, 9), new Conv2D(5, 3).padding("same").outputShape(image));
    assertEquals(Shape.of(5, 8, 9), new Conv2D(5, 4).padding(Padding.SAME).outputShape(image));
    assertEquals(Shape.of(5, 3, 4), new Conv2D(5, 3).stride(2).outputShape(image));
    assertEquals(Shape.of(5, 4, 5), new Conv2D(5, 3).stride(2).padding("same").outputShape(image));
    assertEquals(Shape.of(3, 4, 4), new MaxPool2D(2).outputShape(image));
    assertEquals(Shape.of(3, 3, 4), new MaxPool2D(3, 2).outputShape(image));
    assertEquals(Shape.of(216), new Flatten().outputShape(image));
    assertEquals(Shape.of(6, 36), new Reshape(6, 36).outputShape(image));
  }

  @Test
  void convolutionOfOnesCountsTaps() {
    Conv2D conv = new Conv2D(1, 3).padding("same").kernelInitializer(Initializer.constant(1));
    conv.build(Shape.of(2, 3, 3), f32());
    Tensor y = conv.apply(Tensor.ones(1, 2, 3, 3), false);
    assertArrayEquals(new float[] {8, 12, 8, 12, 18, 12, 8, 12, 8}, y.toFloatArray());
  }

  @Test
  void samePaddingWithAStrideIsThatOfKeras() {
    Conv2D even =
        new Conv2D(1, 3).stride(2).padding("same").kernelInitializer(Initializer.constant(1));
    even.build(Shape.of(1, 4, 4), f32());
    float[] numbers = new float[16];
    for (int i = 0; i < 16; i++) {
      numbers[i] = i + 1;
    }
    // One row below and one column to the right: (2 − 1) · 2 + 3 − 4 in all.
    Tensor y = even.apply(Tensor.of(numbers, 1, 1, 4, 4), false);
    assertArrayEquals(new float[] {54, 45, 72, 54}, y.toFloatArray());

    Conv2D odd =
        new Conv2D(1, 3).padding("same").stride(2).kernelInitializer(Initializer.constant(1));
    odd.build(Shape.of(1, 5, 5), f32());
    Tensor taps = odd.apply(Tensor.ones(1, 1, 5, 5), false);
    assertArrayEquals(new float[] {4, 6, 4, 6, 9, 6, 4, 6, 4}, taps.toFloatArray());
    // A window smaller than the stride needs no padding.
    assertEquals(
        Shape.of(1, 2, 2),
        new Conv2D(1, 1).stride(3).padding("same").outputShape(Shape.of(1, 5, 6)));
  }

  @Test
  void anonymousLayersAreNamedAfterTheirParent() {
    Layer layer =
        new Layer() {
          @Override
          public Shape outputShape(Shape input) {
            return input;
          }

          @Override
          protected Tensor call(Tensor x, boolean training) {
            return x;
          }
        };
    assertEquals("layer", layer.name());
    assertEquals("Layer 'layer'", layer.toString());
  }

  @Test
  void softmaxNeedsAnAxis() {
    assertEquals(
        "Activation 'activation': softmax needs samples with an axis, [n, classes], not [n]",
        refusal(() -> new Activation("softmax").outputShape(Shape.SCALAR)));
  }

  @Test
  void convolutionGradients() {
    LayerGradients.check(
        new Conv2D(3, 3, "relu").padding("same").biasInitializer(Initializer.normal(0.5)),
        2,
        2,
        5,
        4);
    LayerGradients.check(new Conv2D(2, 2, "tanh").stride(2), 2, 3, 5, 4);
    LayerGradients.check(new Conv2D(2, 3).stride(2).padding("same"), 1, 2, 4, 6);
    LayerGradients.check(new Conv2D(2, 2).useBias(false), 1, 1, 3, 3);
  }

  @Test
  void layersWithoutWeightsHaveGradientsToo() {
    LayerGradients.check(new MaxPool2D(2), 2, 2, 5, 4);
    LayerGradients.check(new MaxPool2D(3, 1), 1, 2, 4, 5);
    LayerGradients.check(new Flatten(), 2, 3, 2);
    LayerGradients.check(new Reshape(3, 2), 2, 6);
  }

  @Test
  void namesOfTypesAreSnakeCase() {
    assertEquals("dense", new Dense(1).name());
    assertEquals("conv2d", new Conv2D(1, 1).name());
    assertEquals("max_pool2d", new MaxPool2D(1).name());
    assertEquals("conv2d_transpose", new Conv2DTranspose(1, 1).name());
    assertEquals("rms_normalization", new RMSNormalization().name());
    assertEquals("leaky_relu", new LeakyReLU().name());
  }

  @Test
  void wrongInputsNameTheLayer() {
    Layer dense = new Dense(4).named("hidden");
    dense.build(Shape.of(3), f32());
    assertEquals(
        "Dense 'hidden': input must have 3 features in its last axis, not 5 (input [n, 5], kernel"
            + " [3, 4])",
        refusal(() -> dense.apply(Tensor.ones(2, 5), false)));
    assertEquals(
        "Dense 'hidden': input must have features, [n, features], not [n]; reshape it to [n, 1]",
        refusal(() -> dense.apply(Tensor.ones(2), false)));
    assertEquals(
        "Dense 'hidden': input must have a batch axis, [n, ...], not []",
        refusal(() -> dense.apply(Tensor.scalar(1), false)));

    Conv2D conv = new Conv2D(4, 3);
    assertEquals(
        "Conv2D 'conv2d': input must be images, [n, c, h, w], not [n, 28, 28]; put new Reshape(1,"
            + " 28, 28) before it",
        refusal(() -> conv.outputShape(Shape.of(28, 28))));
    assertEquals(
        "Conv2D 'conv2d': input must be at least as large as the window, 3 x 3, not 2 x 5 (input"
            + " [n, 1, 2, 5])",
        refusal(() -> conv.outputShape(Shape.of(1, 2, 5))));
    conv.build(Shape.of(1, 5, 5), f32());
    assertEquals(
        "Conv2D 'conv2d': input must have 1 channels, not 3 (input [n, 3, 5, 5], kernel [4, 1, 3,"
            + " 3])",
        refusal(() -> conv.outputShape(Shape.of(3, 5, 5))));
    assertEquals(
        "Reshape 'reshape': input must have 6 numbers a sample, for [n, 2, 3], not 5 (input [n,"
            + " 5])",
        refusal(() -> new Reshape(2, 3).outputShape(Shape.of(5))));
  }

  private static String refusal(Executable wrong) {
    return assertThrows(ShapeException.class, wrong).getMessage();
  }

  @Test
  void wrongSettingsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Dense(0));
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(0, 3));
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(1, 1).padding("full"));
    assertEquals(
        "activation: there is no 'rellu'; names are linear, relu, tanh, sigmoid, silu, softmax,"
            + " log_softmax, elu, exponential, gelu, gelu_tanh, hard_shrink, hard_sigmoid,"
            + " hard_swish, hard_tanh, leaky_relu, log_sigmoid, mish, relu6, selu, softplus,"
            + " softsign, soft_shrink, tanh_shrink",
        assertThrows(IllegalArgumentException.class, () -> new Dense(1, "rellu")).getMessage());
  }

  @Test
  void theOrderOfBuildingIsKept() {
    Dense dense = new Dense(2);
    assertEquals(
        "Dense 'dense': has no weights yet; call build(sampleShape, context) first",
        assertThrows(IllegalStateException.class, () -> dense.apply(Tensor.ones(1, 2), false))
            .getMessage());
    dense.build(Shape.of(2), f32());
    assertThrows(IllegalStateException.class, () -> dense.build(Shape.of(2), f32()));
    assertThrows(IllegalStateException.class, () -> dense.useBias(false));
    assertThrows(IllegalStateException.class, () -> dense.named("late"));
  }

  @Test
  void assignChecksTheNumberOfValues() {
    Dense dense = new Dense(2);
    dense.build(Shape.of(2), f32());
    assertEquals(
        "assign: dense/kernel is [2, 2] and needs 4 values, not 3",
        assertThrows(ShapeException.class, () -> dense.weights().get(0).assign(1, 2, 3))
            .getMessage());
  }
}
