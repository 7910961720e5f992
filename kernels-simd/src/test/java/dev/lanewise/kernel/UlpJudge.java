package dev.lanewise.kernel;

import dev.lanewise.array.DType;

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
    double scalar = op.apply(x);
    double rounded = dtype == DType.F32 ? (float) scalar : scalar;
    if (op.ulps() <= 0.5 || Double.isNaN(scalar) || Double.isInfinite(scalar)) {
      return Judge.same(rounded, actual)
          ? null
          : text(op, dtype, x, actual) + "must be " + hex(rounded);
    }
    double ulps =
        scalar == 0
            ? Math.abs(actual) / (dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE)
            : Exact.of(op, x).ulps(actual, dtype);
    return ulps <= op.ulps()
        ? null
        : text(op, dtype, x, actual)
            + "must be "
            + hex(rounded)
            + " within "
            + op.ulps()
            + " ulps but is off by "
            + ulps;
  }

  private static String text(UnaryOp op, DType dtype, double x, double actual) {
    return op + " in " + dtype + " of " + hex(x) + " is " + hex(actual) + "; it ";
  }

  private static String hex(double x) {
    return x + " (" + Double.toHexString(x) + ")";
  }
}
