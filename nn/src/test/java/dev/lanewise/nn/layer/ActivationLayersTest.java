package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationLayersTest {
  private static final double[] X = {-4, -3, -1.5, -0.5, -0.25, 0, 0.25, 0.5, 1, 2.5, 3, 7};

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.log(1 + Math.exp(x));
  }

  private static double gelu(double x) {
    // Φ by Simpson's rule from 0 to x.
    int parts = 2000;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double t = x * i / parts;
      sum += Math.exp(-t * t / 2) * (i == 0 || i == parts ? 1 : i % 2 == 0 ? 2 : 4);
    }
    return x * (0.5 + sum * x / parts / 3 / Math.sqrt(2 * Math.PI));
  }

  private static double row(int i) {
    return Math.exp(X[i]) / Arrays.stream(X).map(Math::exp).sum();
  }

  private static DoubleUnaryOperator scalar(ActivationFunction function) {
    return switch (function) {
      case LINEAR -> x -> x;
      case RELU -> x -> Math.max(x, 0);
      case TANH -> Math::tanh;
      case SIGMOID -> x -> sigmoid(x);
      case SILU -> x -> x * sigmoid(x);
      case SOFTMAX -> x -> row(Arrays.binarySearch(X, x));
      case LOG_SOFTMAX -> x -> Math.log(row(Arrays.binarySearch(X, x)));
      case ELU -> x -> x > 0 ? x : Math.exp(x) - 1;
      case EXPONENTIAL -> Math::exp;
      case GELU -> x -> gelu(x);
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case HARD_SHRINK -> x -> Math.abs(x) <= 0.5 ? 0 : x;
      case HARD_SIGMOID -> x -> Math.clamp(x / 6 + 0.5, 0, 1);
      case HARD_SWISH -> x -> x * Math.clamp(x / 6 + 0.5, 0, 1);
      case HARD_TANH -> x -> Math.clamp(x, -1, 1);
      case LEAKY_RELU -> x -> x > 0 ? x : 0.2 * x;
      case LOG_SIGMOID -> x -> Math.log(sigmoid(x));
      case MISH -> x -> x * Math.tanh(softplus(x));
      case RELU6 -> x -> Math.clamp(x, 0, 6);
      case SELU -> x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1));
      case SOFTPLUS -> x -> softplus(x);
      case SOFTSIGN -> x -> x / (1 + Math.abs(x));
      case SOFT_SHRINK -> x -> Math.abs(x) <= 0.5 ? 0 : x - 0.5 * Math.signum(x);
      case TANH_SHRINK -> x -> x - Math.tanh(x);
    };
  }

  private static void check(DoubleUnaryOperator expected, Layer layer) {
    Built.of(layer, X.length);
    double[] y = layer.apply(Tensor.of(X, 1, X.length), false).toDoubleArray();
    assertArrayEquals(Arrays.stream(X).map(expected).toArray(), y, 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void functionsAreTheirFormulas(ActivationFunction function) {
    check(scalar(function), new Activation(function));
    assertSame(function, ActivationFunction.named(function.name()));
  }

  @Test
  void namesOfKerasAreKnown() {
    assertSame(ActivationFunction.SILU, ActivationFunction.named("swish"));
    assertSame(ActivationFunction.HARD_SWISH, ActivationFunction.named("hard_silu"));
    String names =
        "elu exponential gelu hard_sigmoid hard_swish leaky_relu linear log_softmax mish relu relu6"
            + " selu sigmoid silu softmax softplus softsign tanh";
    for (String name : names.split(" ")) {
      assertEquals(name, new Activation(name).config().text("function"));
    }
  }

  @Test
  void layersWithNumbers() {
    check(x -> Math.max(x, 0), new ReLU());
    check(x -> Math.clamp(x, 0, 2), new ReLU(2));
    check(x -> x > 0 ? x : 0.3 * x, new LeakyReLU());
    check(x -> x > 0 ? x : 0.1 * x, new LeakyReLU(0.1));
    check(x -> x > 0 ? x : Math.exp(x) - 1, new ELU());
    check(x -> x > 0 ? x : 3 * (Math.exp(x) - 1), new ELU(3));
    check(x -> Math.max(x, 0), new PReLU()); // slopes start at 0
    check(x -> row(Arrays.binarySearch(X, x)), new Softmax());
  }

  @Test
  void learnedSlopes() {
    Tensor x = Tensor.of(new double[] {-1, -2, 3, -4}, 1, 2, 2);
    PReLU each = Built.of(new PReLU(), 2, 2);
    Built.set(each, "alpha", 1, 2, 3, 4);
    assertArrayEquals(new double[] {-1, -4, 3, -16}, each.apply(x, true).toDoubleArray());
    PReLU shared = Built.of(new PReLU().sharedAxes(2), 2, 2);
    Built.set(shared, "alpha", 10, 20);
    assertArrayEquals(new double[] {-10, -20, 3, -80}, shared.apply(x, true).toDoubleArray());
    assertEquals(Shape.of(2, 5), shared.outputShape(Shape.of(2, 5)));
    assertEquals(
        "PReLU 'p_relu': input must fit slopes of the shape [2, 1], not [3, 1] (input [n, 3, 5])",
        Built.refusal(() -> shared.outputShape(Shape.of(3, 5))));
  }

  @Test
  void softmaxAlongAnyAxis() {
    Tensor x = Built.normal(2, 3, 4);
    double[] sums = Built.of(new Softmax(1), 3, 4).apply(x, false).sum(1).toDoubleArray();
    double[] ones = new double[8];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, sums, 1e-12);
    Tensor y = Built.of(new Softmax(), 3, 4).apply(x, false);
    Activation function = Built.of(new Activation("softmax"), 3, 4);
    assertArrayEquals(function.apply(x, false).toDoubleArray(), y.toDoubleArray());
  }

  @Test
  void lossesComputeFromWhatASoftmaxIsGiven() {
    Tensor logits = Tensor.of(new double[] {1000, 0, -1000}, 1, 3);
    Tensor y = Built.of(new Softmax(), 3).apply(logits, true);
    assertTrue(y.logits().isPresent());
    // A probability of 0 has no logarithm.
    assertEquals(
        2000,
        new SparseCategoricalCrossentropy(false).apply(y, Tensor.of(new int[] {2})).item(),
        1e-9);
    assertTrue(
        Built.of(new Softmax(1), 3, 1).apply(logits.reshape(1, 3, 1), true).logits().isEmpty());
  }

  @Test
  void wrongSettingsAndInputs() {
    assertThrows(IllegalArgumentException.class, () -> new ReLU(0));
    assertThrows(IllegalArgumentException.class, () -> new LeakyReLU(-1));
    assertThrows(IllegalArgumentException.class, () -> new ELU(Double.NaN));
    assertEquals(
        "Softmax 'softmax': a sample has no axis -1; its axes count from 1 in [n]",
        Built.refusal(() -> new Softmax().outputShape(Shape.SCALAR)));
    assertEquals(
        "Activation 'activation': log_softmax needs samples with an axis, [n, classes], not [n]",
        Built.refusal(() -> new Activation("log_softmax").outputShape(Shape.SCALAR)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PReLU().sharedAxes(3).outputShape(Shape.of(2, 2)));
    PReLU built = Built.of(new PReLU(), 2);
    assertThrows(IllegalStateException.class, () -> built.sharedAxes(1));
  }
}
