package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions composed of others: their values, their special cases and their gradients. */
class CompositesTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  static Stream<Backend> backends() {
    return Numbers.backends();
  }

  private static void assertClose(double expected, double actual, String at) {
    boolean close = Math.abs(expected - actual) <= 1e-13 * Math.abs(expected);
    assertTrue(close || Double.compare(expected, actual) == 0, expected + ", not " + actual + at);
  }

  private static void unary(
      Backend backend, UnaryOperator<Tensor> f, DoubleUnaryOperator expected, double... at) {
    double[] actual = f.apply(Tensor.of(backend, at, at.length)).toDoubleArray();
    for (int i = 0; i < at.length; i++) {
      double e = expected.applyAsDouble(at[i]);
      assertClose(e, actual[i], " at " + at[i]);
    }
    GradientCheck check = GradientCheck.of(in -> f.apply(in[0]));
    check.require(Numbers.signed(backend, 1, 2, 3));
    check.ofGradient().require(Numbers.signed(backend, 1, 2, 3));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void activations(Backend b) {
    unary(b, x -> x.leakyRelu(0.1), x -> x > 0 ? x : 0.1 * x, -2, -0.0, 0, 3, INF, NAN);
    unary(b, x -> x.elu(1.5), x -> x > 0 ? x : 1.5 * Math.expm1(x), -INF, -2, -1e-9, 0, 3, 800);
    unary(
        b,
        Tensor::hardSigmoid,
        x -> Math.min(Math.max(x / 6 + 0.5, 0), 1),
        -INF,
        -4,
        -1,
        0,
        2,
        5,
        INF);
    unary(
        b, Tensor::hardSwish, x -> x * Math.min(Math.max(x / 6 + 0.5, 0), 1), -4, -1, 0, 2, 5, NAN);
    unary(
        b,
        Tensor::mish,
        x -> x * Math.tanh(Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
        -30,
        -1,
        0,
        2,
        50);
    unary(
        b,
        Tensor::geluTanh,
        x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        -2,
        -1,
        0,
        2,
        30);
    unary(
        b,
        Tensor::selu,
        x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
        -INF,
        -2,
        -1e-9,
        0,
        3,
        800);
    unary(b, x -> x.celu(0.7), x -> x > 0 ? x : 0.7 * Math.expm1(x / 0.7), -INF, -2, -1e-9, 0, 900);
    unary(b, Tensor::softSign, x -> x / (1 + Math.abs(x)), -1e300, -2, 0, 1e-9, 3, NAN);
    unary(
        b,
        Tensor::logSigmoid,
        x -> Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
        -INF,
        -1e300,
        -100,
        -1,
        0,
        2,
        40,
        INF,
        NAN);
    unary(b, Tensor::tanhShrink, x -> x - Math.tanh(x), -INF, -30, -1, 0, 2, 50, NAN);
    unary(
        b,
        x -> x.softShrink(0.5),
        x -> Math.signum(x) * Math.max(Math.abs(x) - 0.5, 0),
        -INF,
        -2,
        -0.5,
        -0.25,
        0,
        0.5,
        0.75,
        INF,
        NAN);
    unary(
        b,
        x -> x.hardShrink(0.5),
        x -> x >= -0.5 && x <= 0.5 ? 0 : x,
        -INF,
        -2,
        -0.5,
        -0.25,
        0,
        0.5,
        0.75,
        INF,
        NAN);
    unary(b, x -> x.hardTanh(-0.5, 1), x -> Math.clamp(x, -0.5, 1), -INF, -1, -0.5, 0.5, 1, 7);
    unary(b, Tensor::relu6, x -> Math.min(Math.max(x, 0), 6), -INF, -1, 0, 0.5, 6, 7, INF, NAN);
    unary(b, x -> x.clamp(-1, 1.25), x -> Math.clamp(x, -1, 1.25), -INF, -1, 0.5, 1.25, 7);
    assertArrayEquals(
        new double[] {NAN}, Tensor.of(b, new double[] {NAN}, 1).clamp(0, 1).toDoubleArray());
  }

  private static void slopes(
      Backend backend, UnaryOperator<Tensor> f, double[] at, double... expected) {
    Tensor x = Tensor.of(backend, at, at.length).requiresGrad(true);
    f.apply(x).sum().backward();
    assertArrayEquals(expected, x.grad().toDoubleArray(), 1e-14);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void slopesWhereFunctionsBend(Backend b) {
    slopes(b, Tensor::relu, at(0, 1), 0, 1);
    slopes(b, Tensor::relu6, at(0, 6), 0, 0);
    slopes(b, x -> x.leakyRelu(0.25), at(0, 1), 0.25, 1);
    slopes(b, x -> x.elu(1.5), at(0, 1), 1.5, 1);
    slopes(b, Tensor::selu, at(0, 1), 1.0507009873554805 * 1.6732632423543772, 1.0507009873554805);
    slopes(b, x -> x.celu(0.5), at(0, 1), 1, 1);
    slopes(b, Tensor::softSign, at(0, 1), 1, 0.25);
    slopes(b, x -> x.hardTanh(-2, 1), at(-2, 1), 0, 0);
    slopes(b, x -> x.clamp(-2, 1), at(-2, 1), 1, 1);
    slopes(b, x -> x.softShrink(0.5), at(-0.5, 0.5), 0, 0);
    slopes(b, x -> x.hardShrink(0.5), at(-0.5, 0.5), 0, 0);
    slopes(b, Tensor::hardSigmoid, at(-3, 3), 0, 0);
    slopes(b, Tensor::hardSigmoid, at(-2.75, 2.75), 1.0 / 6, 1.0 / 6);
    slopes(b, Tensor::hardSwish, at(-3, 3), 0, 1);
    slopes(b, x -> x.prelu(Tensor.full(b, DType.F64, Shape.of(1), 0.25)), at(0, 1), 0.25, 1);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void largeNumbersKeepTheirSlopes(Backend b) {
    slopes(b, Tensor::logSigmoid, at(-800, 800), 1, 0);
    slopes(b, Tensor::logSigmoid, at(-20, 0), 1 / (1 + Math.exp(-20)), 0.5);
    slopes(b, Tensor::selu, at(-800, 800), 0, 1.0507009873554805);
    slopes(b, x -> x.celu(0.5), at(-800, 800), 0, 1);
    slopes(b, Tensor::softSign, at(-1e300, 1e300), 0, 0);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void slopesBelowZeroThatAreLearned(Backend b) {
    Tensor x = Numbers.signed(b, 1, 2, 3, 4);
    Tensor weight = Numbers.signed(b, 2, 3);
    double[] xs = x.toDoubleArray();
    double[] slopes = weight.toDoubleArray();
    double[] expected = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      expected[i] = xs[i] > 0 ? xs[i] : slopes[i / 4 % 3] * xs[i];
    }
    assertArrayEquals(expected, x.prelu(weight).toDoubleArray(), 1e-14);
    List<Tensor[]> inputs =
        List.of(
            new Tensor[] {x, weight},
            new Tensor[] {x.transpose(1, 2).copy(), weight.slice(0, 0, 1)},
            new Tensor[] {Numbers.signed(b, 3, 5, 3), weight},
            new Tensor[] {Numbers.signed(b, 3, 5), Numbers.signed(b, 4)},
            new Tensor[] {Numbers.signed(b, 3), Numbers.signed(b, 4, 1)},
            new Tensor[] {Numbers.signed(b, 3, 0, 3), weight});
    for (Tensor[] in : inputs) {
      GradientCheck check = GradientCheck.of(t -> t[0].prelu(t[1]).square());
      check.require(in);
      check.ofGradient().require(in);
    }
    refused(
        ShapeException.class,
        "prelu: the weight must be one number, or [c] for an input of [n, c, ...] (input [2, 3, 4],"
            + " weight [4])",
        () -> x.prelu(Numbers.signed(b, 1, 4)));
    refused(ShapeException.class, "prelu", () -> weight.prelu(weight));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void oneHalfOpensTheOther(Backend b) {
    Tensor x = Tensor.of(b, new double[] {1, -2, 3, 0, 1, -1}, 3, 2);
    double open = 1 / (1 + Math.exp(-1));
    assertArrayEquals(
        new double[] {1 / (1 + Math.exp(2)), 1.5, 1 - open}, x.glu(-1).toDoubleArray(), 1e-14);
    assertArrayEquals(
        new double[] {0.5, -2 * open, 3 * (1 - open)},
        x.reshape(2, 3).glu(0).toDoubleArray(),
        1e-14);
    for (int axis : new int[] {0, 1, -1}) {
      GradientCheck check = GradientCheck.of(in -> in[0].transpose().glu(axis));
      check.require(Numbers.signed(b, 1, 2, 4));
      check.ofGradient().require(Numbers.signed(b, 1, 2, 4));
    }
    assertEquals(Shape.of(2, 0), Tensor.zeros(b, DType.F64, Shape.of(2, 0)).glu(1).shape());
    refused(
        ShapeException.class,
        "glu: the extent of axis 0 of shape [3, 2] must be even",
        () -> x.glu(0));
  }

  private static void refused(Class<? extends Exception> type, String part, Executable call) {
    String message = assertThrows(type, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    Tensor x = Tensor.ones(2);
    refused(IllegalArgumentException.class, "celu: alpha must not be 0", () -> x.celu(0));
    refused(
        IllegalArgumentException.class,
        "softShrink: lambda must be at least 0, not -0.5",
        () -> x.softShrink(-0.5));
    refused(IllegalArgumentException.class, "hardShrink: lambda", () -> x.hardShrink(NAN));
    refused(
        IllegalArgumentException.class,
        "hardTanh: the lower bound 2.0 is not below the upper bound 1.0",
        () -> x.hardTanh(2, 1));
    refused(
        DTypeException.class,
        "map: the tensor must be f32 or f64",
        () -> Tensor.of(new int[2]).softSign());
  }

  @Test
  void boundsInTheWrongOrderAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Tensor.ones(2).clamp(2, 1));
    assertEquals("clamp: the lower bound 2.0 is not below the upper bound 1.0", e.getMessage());
  }

  private interface Function {
    Tensor apply(Tensor x, Tensor y);
  }

  private static void binary(
      Backend backend, Function f, DoubleBinaryOperator expected, double[]... at) {
    for (double[] xy : at) {
      Tensor x = Tensor.of(backend, new double[] {xy[0]}, 1);
      Tensor y = Tensor.of(backend, new double[] {xy[1]}, 1);
      double e = expected.applyAsDouble(xy[0], xy[1]);
      double actual = f.apply(x, y).toDoubleArray()[0];
      assertClose(e, actual, " at " + xy[0] + ", " + xy[1]);
    }
    GradientCheck check = GradientCheck.of(in -> f.apply(in[0], in[1]));
    Tensor x = Numbers.signed(backend, 1, 2, 3);
    Tensor y = Numbers.positive(backend, 2, 3);
    check.require(x, y);
    check.ofGradient().require(x, y);
  }

  private static double[] at(double x, double y) {
    return new double[] {x, y};
  }

  @ParameterizedTest
  @MethodSource("backends")
  void functionsOfTwo(Backend b) {
    binary(
        b,
        Tensor::hypot,
        Math::hypot,
        at(3, -4),
        at(0, 0),
        at(1e200, 1e200),
        at(3e-200, 4e-200),
        at(INF, INF),
        at(-INF, 2));
    binary(
        b,
        Tensor::logAddExp,
        (x, y) -> x == y ? x + Math.log(2) : Math.log(Math.exp(x) + Math.exp(y)),
        at(1, 2),
        at(0.5, 0.5),
        at(INF, INF),
        at(-INF, -INF),
        at(-INF, 3),
        at(700, 700));
    binary(
        b,
        Tensor::xLogY,
        (x, y) -> x == 0 && !Double.isNaN(y) ? 0 : x * Math.log(y),
        at(2, 3),
        at(0, 0),
        at(0, INF),
        at(0, NAN),
        at(1, 0),
        at(NAN, 1));
    binary(
        b,
        Tensor::floorMod,
        (x, y) -> x % y != 0 && x % y < 0 ^ y < 0 ? x % y + y : x % y,
        at(7, 3),
        at(-7, 3),
        at(7, -3),
        at(-7, -3),
        at(-6, 3),
        at(5.5, 0));
  }
}
