package dev.lanewise.simd;

/**
 * The arguments for which a function has no short vector form: angles beyond many turns and
 * remainders of very different numbers. A loop computes the near ones and puts a NaN elsewhere;
 * here these lanes get their value from a scalar function. The branch costs a loop without them
 * nothing that could be measured.
 */
final class FarArguments {
  private FarArguments() {}

  /** {@return one lane's value} StrictMath's, as all machines and tiers must give the same bits. */
  static double value(Ssa.Op op, double x, double y) {
    return switch (op) {
      case SIN_FAR -> StrictMath.sin(x);
      case COS_FAR -> StrictMath.cos(x);
      case TAN_FAR -> StrictMath.tan(x);
      case REMAINDER_FAR -> x % y;
      default -> throw new AssertionError(op + " is near everywhere");
    };
  }

  // C2 does not inline what is called seldom, and makes an object of each vector that goes into or
  // comes out of a call, also where the call is not reached. So arrays go in and out.

  static float[] sin(float[] x, float[] near) {
    return far(Ssa.Op.SIN_FAR, x, x, near);
  }

  static float[] cos(float[] x, float[] near) {
    return far(Ssa.Op.COS_FAR, x, x, near);
  }

  static float[] tan(float[] x, float[] near) {
    return far(Ssa.Op.TAN_FAR, x, x, near);
  }

  static float[] remainder(float[] x, float[] y, float[] near) {
    return far(Ssa.Op.REMAINDER_FAR, x, y, near);
  }

  static double[] sin(double[] x, double[] near) {
    return far(Ssa.Op.SIN_FAR, x, x, near);
  }

  static double[] cos(double[] x, double[] near) {
    return far(Ssa.Op.COS_FAR, x, x, near);
  }

  static double[] tan(double[] x, double[] near) {
    return far(Ssa.Op.TAN_FAR, x, x, near);
  }

  static double[] remainder(double[] x, double[] y, double[] near) {
    return far(Ssa.Op.REMAINDER_FAR, x, y, near);
  }

  private static float[] far(Ssa.Op op, float[] x, float[] y, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        values[i] = (float) value(op, x[i], y[i]);
      }
    }
    return values;
  }

  private static double[] far(Ssa.Op op, double[] x, double[] y, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        values[i] = value(op, x[i], y[i]);
      }
    }
    return values;
  }
}
