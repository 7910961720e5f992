package dev.lanewise.simd;

import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rotations of a vector's lanes, by the distance in the field's name. A reduction folds a vector
 * onto itself by half its length, a quarter and so on, until the first two lanes are left to be
 * combined: always in this order, which the vector classes' own reductions leave open, and with it
 * the bits. Compiled loops name the fields; each is a constant to the JIT, as elements of an array
 * would not be.
 */
final class Folds {
  static final VectorShuffle<Float> F32_8 = rotation(Lanes.F32, 8);
  static final VectorShuffle<Float> F32_4 = rotation(Lanes.F32, 4);
  static final VectorShuffle<Float> F32_2 = rotation(Lanes.F32, 2);
  static final VectorShuffle<Double> F64_4 = rotation(Lanes.F64, 4);
  static final VectorShuffle<Double> F64_2 = rotation(Lanes.F64, 2);
  static final VectorShuffle<Integer> I32_8 = rotation(Lanes.I32, 8);
  static final VectorShuffle<Integer> I32_4 = rotation(Lanes.I32, 4);
  static final VectorShuffle<Integer> I32_2 = rotation(Lanes.I32, 2);
  static final VectorShuffle<Long> I64_4 = rotation(Lanes.I64, 4);
  static final VectorShuffle<Long> I64_2 = rotation(Lanes.I64, 2);

  private Folds() {}

  private static <T> VectorShuffle<T> rotation(VectorSpecies<T> species, int distance) {
    return species.shuffleFromOp(lane -> (lane + distance) % species.length());
  }
}
