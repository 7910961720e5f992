package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import java.util.function.Supplier;

/** Decides whether one value of a function is as exact as the function promises. */
final class UlpJudge {
  private UlpJudge() {}

  /**
   * {@return what is wrong with a value, or {@code null} if it is good}
   *
   * @param op the function
   * @param dtype the type that it was computed in
   * @param x its argument
   * @param actual the value
   */
  static String complaint(UnaryOp op, DType dtype, double x, double actual) {
    String text = complaint(op.apply(x), op.ulps(), dtype, actual, () -> Exact.of(op, x));
    return text == null ? null : op + " in " + dtype + " of " + hex(x) + text;
  }

  /**
   * {@return what is wrong with a value, or {@code null} if it is good}
   *
   * @param op the function
   * @param dtype the type that it was computed in
   * @param x its first argument
   * @param y its second argument
   * @param actual the value
   */
  static String complaint(BinaryOp op, DType dtype, double x, double y, double actual) {
    String text = complaint(op.apply(x, y), op.ulps(), dtype, actual, () -> Exact.of(op, x, y));
    return text == null ? null : op + " in " + dtype + " of " + hex(x) + " and " + hex(y) + text;
  }

  private static String complaint(
      double scalar, double promise, DType dtype, double actual, Supplier<Exact> exact) {
    double rounded = dtype == DType.F32 ? (float) scalar : scalar;
    if (promise <= 0.5 || Double.isNaN(scalar) || Double.isInfinite(scalar)) {
      return Judge.same(rounded, actual) ? null : is(actual) + "must be " + hex(rounded);
    }
    double ulps =
        scalar == 0
            ? Math.abs(actual) / (dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE)
            : exact.get().ulps(actual, dtype);
    return ulps <= promise
        ? null
        : is(actual)
            + "must be "
            + hex(rounded)
            + " within "
            + promise
            + " ulps but is off by "
            + ulps;
  }

  private static String is(double actual) {
    return " is " + hex(actual) + "; it ";
  }

  private static String hex(double x) {
    return x + " (" + Double.toHexString(x) + ")";
  }
}
