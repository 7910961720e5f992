package dev.lanewise.simd;

import jdk.incubator.vector.DoubleVector;

/**
 * The lanes of a vector combined into one number, in the order of {@link Folds}; C2 can not rotate
 * two.
 */
final class DoubleLanes {
  private DoubleLanes() {}

  /** {@return the sum of the lanes} */
  static double sum(DoubleVector x) {
    if (Lanes.F64.length() > 4) {
      x = x.add(x.rearrange(Folds.F64_4));
    }
    if (Lanes.F64.length() > 2) {
      x = x.add(x.rearrange(Folds.F64_2));
    }
    return x.lane(0) + x.lane(1);
  }

  /** {@return the largest lane, or NaN if there is one} */
  static double max(DoubleVector x) {
    if (Lanes.F64.length() > 4) {
      x = x.max(x.rearrange(Folds.F64_4));
    }
    if (Lanes.F64.length() > 2) {
      x = x.max(x.rearrange(Folds.F64_2));
    }
    return Math.max(x.lane(0), x.lane(1));
  }
}
