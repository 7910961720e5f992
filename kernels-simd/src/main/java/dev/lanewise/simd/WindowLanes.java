package dev.lanewise.simd;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Constants by which {@link MaxRowCode}'s loops put the even elements of two vectors into one, and
 * write places. The loops name the fields.
 */
final class WindowLanes {
  /** Even elements of a vector, for the lower half. */
  static final VectorShuffle<Float> F32_LOW = low(Lanes.F32);

  /** Even elements of two vectors, from a load that begins one element before the second. */
  static final VectorShuffle<Float> F32_HIGH = high(Lanes.F32);

  static final VectorMask<Float> F32_UPPER = upper(Lanes.F32);

  static final VectorShuffle<Double> F64_LOW = low(Lanes.F64);
  static final VectorShuffle<Double> F64_HIGH = high(Lanes.F64);
  static final VectorMask<Double> F64_UPPER = upper(Lanes.F64);

  /** As many {@code int}s as a vector has elements. */
  static final VectorSpecies<Integer> F32_PLACES = Lanes.I32;

  static final VectorSpecies<Integer> F64_PLACES =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Lanes.BITS / 2));

  private WindowLanes() {}

  private static <T> VectorShuffle<T> low(VectorSpecies<T> species) {
    return species.shuffleFromOp(lane -> 2 * lane % species.length());
  }

  private static <T> VectorShuffle<T> high(VectorSpecies<T> species) {
    return species.shuffleFromOp(lane -> (2 * lane + 1) % species.length());
  }

  private static <T> VectorMask<T> upper(VectorSpecies<T> species) {
    return species.maskAll(true).andNot(species.indexInRange(0, species.length() / 2));
  }
}
