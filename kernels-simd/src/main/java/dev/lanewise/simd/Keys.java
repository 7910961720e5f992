package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Turns numbers into integers of the same order and size, so that one loop compares, searches and
 * sorts them all. The bits of a floating-point number are such an integer if it is positive; those
 * of a negative one are turned around but for the sign. −0 becomes 0.
 *
 * <p>Loops slice nothing: they are methods of their own, and a slice for each would be allocated.
 */
enum Keys {
  /** The smallest number has the smallest key; NaN the largest. */
  ASCENDING(0, false),
  /** The largest number has the smallest key, but that of NaN is smaller. */
  DESCENDING(-1, true),
  /** The smallest number has the largest key, but that of NaN is larger. */
  SMALLEST_LAST(-1, false);

  private static final int INTS = Lanes.I32.length();
  private static final int LONGS = Lanes.I64.length();

  private final int flip;
  private final int intNan;
  private final long longNan;

  Keys(int flip, boolean nanFirst) {
    this.flip = flip;
    this.intNan = nanFirst ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    this.longNan = nanFirst ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /** Writes the keys of {@code count} 4-byte elements to the first of {@code keys}. */
  void of(DType dtype, long address, int count, int[] keys) {
    int whole = count & -INTS;
    if (dtype == DType.I32) {
      ints(address, whole, flip, keys);
      for (int i = whole; i < count; i++) {
        keys[i] = ALL.get(JAVA_INT, address + i * 4L) ^ flip;
      }
    } else {
      floats(address, whole, flip, intNan, keys);
      for (int i = whole; i < count; i++) {
        float x = ALL.get(JAVA_FLOAT, address + i * 4L) + 0f;
        int bits = Float.floatToRawIntBits(x);
        keys[i] = Float.isNaN(x) ? intNan : bits ^ bits >> 31 >>> 1 ^ flip;
      }
    }
  }

  /** Writes the keys of {@code count} 8-byte elements to the first of {@code keys}. */
  void of(DType dtype, long address, int count, long[] keys) {
    boolean vectors = dtype == DType.I64 || Lanes.hasMasks(Double.BYTES);
    int whole = vectors ? count & -LONGS : 0;
    if (dtype == DType.I64) {
      longs(address, whole, flip, keys);
      for (int i = whole; i < count; i++) {
        keys[i] = ALL.get(JAVA_LONG, address + i * 8L) ^ flip;
      }
    } else {
      doubles(address, whole, flip, longNan, keys);
      for (int i = whole; i < count; i++) {
        double x = ALL.get(JAVA_DOUBLE, address + i * 8L) + 0.0;
        long bits = Double.doubleToRawLongBits(x);
        keys[i] = Double.isNaN(x) ? longNan : bits ^ bits >> 63 >>> 1 ^ flip;
      }
    }
  }

  private static void ints(long from, int count, int flip, int[] keys) {
    for (int i = 0; i < count; i += INTS) {
      IntVector.fromMemorySegment(Lanes.I32, ALL, from + i * 4L, ORDER)
          .lanewise(VectorOperators.XOR, flip)
          .intoArray(keys, i);
    }
  }

  private static void longs(long from, int count, int flip, long[] keys) {
    for (int i = 0; i < count; i += LONGS) {
      LongVector.fromMemorySegment(Lanes.I64, ALL, from + i * 8L, ORDER)
          .lanewise(VectorOperators.XOR, flip)
          .intoArray(keys, i);
    }
  }

  private static void floats(long from, int count, int flip, int nan, int[] keys) {
    for (int i = 0; i < count; i += INTS) {
      // Adding 0 makes a 0 of −0.
      FloatVector x = FloatVector.fromMemorySegment(Lanes.F32, ALL, from + i * 4L, ORDER).add(0f);
      VectorMask<Integer> isNan = x.compare(VectorOperators.NE, x).cast(Lanes.I32);
      IntVector bits = x.reinterpretAsInts();
      IntVector turn = bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
      bits.lanewise(VectorOperators.XOR, turn)
          .lanewise(VectorOperators.XOR, flip)
          .blend(nan, isNan)
          .intoArray(keys, i);
    }
  }

  private static void doubles(long from, int count, int flip, long nan, long[] keys) {
    for (int i = 0; i < count; i += LONGS) {
      DoubleVector x =
          DoubleVector.fromMemorySegment(Lanes.F64, ALL, from + i * 8L, ORDER).add(0.0);
      VectorMask<Long> isNan = x.compare(VectorOperators.NE, x).cast(Lanes.I64);
      LongVector bits = x.reinterpretAsLongs();
      // Compared with 0, as AVX2 shifts no sign into a long.
      LongVector turn = LongVector.broadcast(Lanes.I64, 0).blend(Long.MAX_VALUE, bits.lt(0));
      bits.lanewise(VectorOperators.XOR, turn)
          .lanewise(VectorOperators.XOR, flip)
          .blend(nan, isNan)
          .intoArray(keys, i);
    }
  }
}
