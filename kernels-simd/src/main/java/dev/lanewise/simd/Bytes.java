package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Copies stretches of memory, whatever is in them. */
final class Bytes {
  private static final VectorSpecies<Byte> SPECIES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Lanes.BITS));

  private static final Class<?> VECTORS = VectorClasses.of(SPECIES);
  private static final int LANES = SPECIES.length();

  private static final int INTS = Lanes.I32.length();
  private static final int LONGS = Lanes.I64.length();

  private Bytes() {}

  /**
   * From here on the JDK's copy is faster: it writes past the cache, which saves reading the
   * target.
   */
  static final long LARGE = 4L << 20;

  /**
   * Copies; 4 KB in the cache take a quarter of the time of {@link MemorySegment#copy}, whose
   * checks and call weigh more than the loop.
   *
   * @param source from where
   * @param target to where; the two do not overlap
   * @param count how many bytes, from 0
   */
  static void copy(long source, long target, long count) {
    if (count < LANES || count >= LARGE) {
      MemorySegment.copy(ALL, source, ALL, target, count);
      return;
    }
    long last = count - LANES;
    for (long i = 0; i < last; i += LANES) {
      copyVector(source + i, target + i);
    }
    copyVector(source + last, target + last); // overlaps the one before it
  }

  private static void copyVector(long source, long target) {
    VectorClasses.known(ByteVector.fromMemorySegment(SPECIES, ALL, source, ORDER), VECTORS)
        .intoMemorySegment(ALL, target, ORDER);
  }

  /** Writes one number of a type again and again. */
  static void fill(DType dtype, double number, long target, long count) {
    if (dtype == DType.F32) {
      fill(Float.floatToRawIntBits((float) number), target, count);
    } else {
      fill(Double.doubleToRawLongBits(number), target, count);
    }
  }

  /** Writes one 4-byte element again and again. */
  static void fill(int element, long target, long count) {
    MemorySegment to = ALL.asSlice(target, count * 4);
    IntVector all = IntVector.broadcast(Lanes.I32, element);
    long i = 0;
    for (long whole = count & -INTS; i < whole; i += INTS) {
      all.intoMemorySegment(to, i * 4, ORDER);
    }
    for (; i < count; i++) {
      to.setAtIndex(JAVA_INT, i, element);
    }
  }

  /** Writes one 8-byte element again and again. */
  static void fill(long element, long target, long count) {
    MemorySegment to = ALL.asSlice(target, count * 8);
    LongVector all = LongVector.broadcast(Lanes.I64, element);
    long i = 0;
    for (long whole = count & -LONGS; i < whole; i += LONGS) {
      all.intoMemorySegment(to, i * 8, ORDER);
    }
    for (; i < count; i++) {
      to.setAtIndex(JAVA_LONG, i, element);
    }
  }
}
