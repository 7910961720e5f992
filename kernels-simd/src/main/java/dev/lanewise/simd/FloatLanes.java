package dev.lanewise.simd;

import jdk.incubator.vector.FloatVector;

/**
 * The lanes of a vector combined into one number, in the order of {@link Folds}; C2 can not rotate
 * two.
 */
final class FloatLanes {
  private FloatLanes() {}

  /** {@return the sum of the lanes} */
  static float sum(FloatVector x) {
    if (Lanes.F32.length() > 8) {
      x = x.add(x.rearrange(Folds.F32_8));
    }
    if (Lanes.F32.length() > 4) {
      x = x.add(x.rearrange(Folds.F32_4));
    }
    if (Lanes.F32.length() > 2) {
      x = x.add(x.rearrange(Folds.F32_2));
    }
    return x.lane(0) + x.lane(1);
  }

  /** {@return the largest lane, or NaN if there is one} */
  static float max(FloatVector x) {
    if (Lanes.F32.length() > 8) {
      x = x.max(x.rearrange(Folds.F32_8));
    }
    if (Lanes.F32.length() > 4) {
      x = x.max(x.rearrange(Folds.F32_4));
    }
    if (Lanes.F32.length() > 2) {
      x = x.max(x.rearrange(Folds.F32_2));
    }
    return Math.max(x.lane(0), x.lane(1));
  }
}
