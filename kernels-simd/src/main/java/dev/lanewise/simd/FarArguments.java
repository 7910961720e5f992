package dev.lanewise.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

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

  static FloatVector sin(FloatVector x, FloatVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.SIN_FAR, x, x, near)
        : near;
  }

  static DoubleVector sin(DoubleVector x, DoubleVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.SIN_FAR, x, x, near)
        : near;
  }

  static FloatVector cos(FloatVector x, FloatVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.COS_FAR, x, x, near)
        : near;
  }

  static DoubleVector cos(DoubleVector x, DoubleVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.COS_FAR, x, x, near)
        : near;
  }

  static FloatVector tan(FloatVector x, FloatVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.TAN_FAR, x, x, near)
        : near;
  }

  static DoubleVector tan(DoubleVector x, DoubleVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.TAN_FAR, x, x, near)
        : near;
  }

  static FloatVector remainder(FloatVector x, FloatVector y, FloatVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.REMAINDER_FAR, x, y, near)
        : near;
  }

  static DoubleVector remainder(DoubleVector x, DoubleVector y, DoubleVector near) {
    return near.compare(VectorOperators.NE, near).anyTrue()
        ? far(Ssa.Op.REMAINDER_FAR, x, y, near)
        : near;
  }

  private static FloatVector far(Ssa.Op op, FloatVector x, FloatVector y, FloatVector near) {
    float[] xs = x.toArray();
    float[] ys = y.toArray();
    float[] values = near.toArray();
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        values[i] = (float) value(op, xs[i], ys[i]);
      }
    }
    return FloatVector.fromArray(Lanes.F32, values, 0);
  }

  private static DoubleVector far(Ssa.Op op, DoubleVector x, DoubleVector y, DoubleVector near) {
    double[] xs = x.toArray();
    double[] ys = y.toArray();
    double[] values = near.toArray();
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        values[i] = value(op, xs[i], ys[i]);
      }
    }
    return DoubleVector.fromArray(Lanes.F64, values, 0);
  }
}
