package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Backend;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
    unary(b, x -> x.clamp(-1, 1.25), x -> Math.clamp(x, -1, 1.25), -INF, -1, 0.5, 1.25, 7);
    assertArrayEquals(
        new double[] {NAN}, Tensor.of(b, new double[] {NAN}, 1).clamp(0, 1).toDoubleArray());
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
