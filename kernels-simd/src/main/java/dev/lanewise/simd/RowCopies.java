package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies short rows, for which a call of the JDK's copy would cost more than the copy. Elements are
 * moved as bits. Exactly the elements of the rows are read and written. Addresses and strides are
 * in bytes.
 */
final class RowCopies {
  private static final VectorSpecies<Integer> SPECIES = Lanes.I32;
  private static final int LANES = SPECIES.length();
  private static final int VECTOR = SPECIES.vectorByteSize();

  // Of 64 bits at least: there is no narrower vector.
  private static final VectorSpecies<Integer> HALF =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Math.max(64, Lanes.BITS / 2)));

  /**
   * An object to C2, which is read again and again; one made in a call may be a new object each.
   */
  private static final IntVector ZERO = IntVector.zero(SPECIES);

  private static final Class<?> HALF_VECTORS = VectorClasses.of(HALF);

  /** Even elements of a vector, for the lower half. */
  private static final VectorShuffle<Integer> LOW = low(SPECIES);

  private static final VectorShuffle<Integer> HALF_LOW = low(HALF);

  /** Even elements, from a load that begins one element before the second vector. */
  private static final VectorShuffle<Integer> HIGH = high(SPECIES);

  private static final VectorShuffle<Integer> HALF_HIGH = high(HALF);
  private static final VectorMask<Integer> UPPER = upper(SPECIES);
  private static final VectorMask<Integer> HALF_UPPER = upper(HALF);

  /** Each element of the lower half twice, and of the upper. */
  private static final VectorShuffle<Integer> TWICE_LOW = twice(SPECIES, 0);

  private static final VectorShuffle<Integer> TWICE_HIGH = twice(SPECIES, LANES / 2);
  private static final VectorShuffle<Integer> HALF_TWICE_LOW = twice(HALF, 0);
  private static final VectorShuffle<Integer> HALF_TWICE_HIGH = twice(HALF, HALF.length() / 2);
  private static final VectorMask<Integer> EVEN = even(SPECIES);
  private static final VectorMask<Integer> HALF_EVEN = even(HALF);

  private RowCopies() {}

  private static VectorShuffle<Integer> low(VectorSpecies<Integer> species) {
    return species.shuffleFromOp(i -> 2 * i % species.length());
  }

  private static VectorShuffle<Integer> high(VectorSpecies<Integer> species) {
    return species.shuffleFromOp(i -> (2 * i + 1) % species.length());
  }

  private static VectorMask<Integer> upper(VectorSpecies<Integer> species) {
    return species.maskAll(true).andNot(species.indexInRange(0, species.length() / 2));
  }

  private static VectorShuffle<Integer> twice(VectorSpecies<Integer> species, int first) {
    return species.shuffleFromOp(i -> first + i / 2);
  }

  private static VectorMask<Integer> even(VectorSpecies<Integer> species) {
    return VectorMask.fromLong(species, 0x5555_5555_5555_5555L >>> 64 - species.length());
  }

  /**
   * Copies rows of elements that lie side by side. A row is copied as vectors, or longs, of which
   * the last overlaps the one before it, as no mask is made as fast.
   *
   * @param width the bytes of a row, a multiple of 4
   */
  static void rows(long from, long fromStride, long to, long toStride, int rows, int width) {
    if (width >= VECTOR) {
      // The long loop inside, as a loop of two or three turns costs more than it copies.
      for (int at = 0; at < width - VECTOR; at += VECTOR) {
        column(from + at, fromStride, to + at, toStride, rows);
      }
      column(from + width - VECTOR, fromStride, to + width - VECTOR, toStride, rows);
    } else if (width >= Long.BYTES) {
      // Not by narrower vectors: where many kinds of vectors meet, C2 may give up on the caller.
      for (int at = 0; at < width - Long.BYTES; at += Long.BYTES) {
        longs(from + at, fromStride, to + at, toStride, rows);
      }
      longs(from + width - Long.BYTES, fromStride, to + width - Long.BYTES, toStride, rows);
    } else {
      for (int r = 0; r < rows; r++) {
        elements(from, Integer.BYTES, to, Integer.BYTES, width / Integer.BYTES, Integer.BYTES);
        from += fromStride;
        to += toStride;
      }
    }
  }

  private static void column(long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      load(from).intoMemorySegment(ALL, to, ORDER);
      from += fromStride;
      to += toStride;
    }
  }

  private static void longs(long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      ALL.set(JAVA_LONG_UNALIGNED, to, ALL.get(JAVA_LONG_UNALIGNED, from));
      from += fromStride;
      to += toStride;
    }
  }

  /**
   * Copies every {@code step}-th element of rows to where they lie side by side.
   *
   * @param count the elements of a row
   * @param bytes the size of an element, 4 or 8
   */
  static void gather(
      long from,
      long fromStride,
      int step,
      long to,
      long toStride,
      int rows,
      int count,
      int bytes) {
    if (step == 1) {
      rows(from, fromStride, to, toStride, rows, count * bytes);
      return;
    }
    if (step == 2 && bytes == Integer.BYTES && count >= LANES / 2) {
      if (count >= LANES) {
        for (int at = 0; at < count; at += LANES) {
          int last = Math.min(at, count - LANES);
          everySecond(from + 8L * last, fromStride, to + 4L * last, toStride, rows);
        }
      } else {
        everySecondHalf(from, fromStride, to, toStride, rows);
        int last = count - LANES / 2;
        everySecondHalf(from + 8L * last, fromStride, to + 4L * last, toStride, rows);
      }
      return;
    }
    for (int r = 0; r < rows; r++) {
      elements(from + r * fromStride, step * bytes, to + r * toStride, bytes, count, bytes);
    }
  }

  private static void everySecond(long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      IntVector low = load(from).rearrange(LOW);
      IntVector high = load(from + VECTOR - Integer.BYTES).rearrange(HIGH);
      low.blend(high, UPPER).intoMemorySegment(ALL, to, ORDER);
      from += fromStride;
      to += toStride;
    }
  }

  private static void everySecondHalf(
      long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      IntVector low = loadHalf(from).rearrange(HALF_LOW);
      IntVector high = loadHalf(from + VECTOR / 2 - Integer.BYTES).rearrange(HALF_HIGH);
      low.blend(high, HALF_UPPER).intoMemorySegment(ALL, to, ORDER);
      from += fromStride;
      to += toStride;
    }
  }

  /**
   * Copies rows of elements that lie side by side to every {@code step}-th place.
   *
   * @param count the elements of a row
   * @param bytes the size of an element, 4 or 8
   */
  static void scatter(
      long from,
      long fromStride,
      long to,
      long toStride,
      int step,
      int rows,
      int count,
      int bytes) {
    if (step == 1) {
      rows(from, fromStride, to, toStride, rows, count * bytes);
      return;
    }
    if (step == 2 && bytes == Integer.BYTES && count >= LANES / 2) {
      if (count >= LANES) {
        for (int at = 0; at < count; at += LANES) {
          int last = Math.min(at, count - LANES);
          toEverySecond(from + 4L * last, fromStride, to + 8L * last, toStride, rows);
        }
      } else {
        toEverySecondHalf(from, fromStride, to, toStride, rows);
        int last = count - LANES / 2;
        toEverySecondHalf(from + 4L * last, fromStride, to + 8L * last, toStride, rows);
      }
      return;
    }
    for (int r = 0; r < rows; r++) {
      elements(from + r * fromStride, bytes, to + r * toStride, step * bytes, count, bytes);
    }
  }

  private static void toEverySecond(long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      IntVector v = load(from);
      v.rearrange(TWICE_LOW).intoMemorySegment(ALL, to, ORDER, EVEN);
      v.rearrange(TWICE_HIGH).intoMemorySegment(ALL, to + VECTOR, ORDER, EVEN);
      from += fromStride;
      to += toStride;
    }
  }

  private static void toEverySecondHalf(
      long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      IntVector v = loadHalf(from);
      v.rearrange(HALF_TWICE_LOW).intoMemorySegment(ALL, to, ORDER, HALF_EVEN);
      v.rearrange(HALF_TWICE_HIGH).intoMemorySegment(ALL, to + VECTOR / 2, ORDER, HALF_EVEN);
      from += fromStride;
      to += toStride;
    }
  }

  /**
   * Fills memory with zeros.
   *
   * @param count bytes, a multiple of 4
   */
  static void zero(long to, long count) {
    long at = 0;
    for (; at <= count - VECTOR; at += VECTOR) {
      ZERO.intoMemorySegment(ALL, to + at, ORDER);
    }
    for (; at < count; at += Integer.BYTES) {
      ALL.set(JAVA_INT_UNALIGNED, to + at, 0);
    }
  }

  /**
   * Fills rows with zeros, a few elements of each.
   *
   * @param width the bytes of a row, a multiple of 4
   */
  static void zeroColumns(long to, long toStride, int rows, int width) {
    for (int at = 0; at < width; at += Integer.BYTES) {
      long row = to + at;
      for (int r = 0; r < rows; r++) {
        ALL.set(JAVA_INT_UNALIGNED, row, 0);
        row += toStride;
      }
    }
  }

  /** Copies one element. */
  static void element(long from, long to, int bytes) {
    elements(from, 0, to, 0, 1, bytes);
  }

  private static void elements(long from, int fromStep, long to, int toStep, int count, int bytes) {
    if (bytes == Integer.BYTES) {
      for (int i = 0; i < count; i++) {
        ALL.set(JAVA_INT_UNALIGNED, to, ALL.get(JAVA_INT_UNALIGNED, from));
        from += fromStep;
        to += toStep;
      }
    } else {
      for (int i = 0; i < count; i++) {
        ALL.set(JAVA_LONG_UNALIGNED, to, ALL.get(JAVA_LONG_UNALIGNED, from));
        from += fromStep;
        to += toStep;
      }
    }
  }

  private static IntVector load(long address) {
    return VectorClasses.known(
        IntVector.fromMemorySegment(SPECIES, ALL, address, ORDER), VectorClasses.I32);
  }

  private static IntVector loadHalf(long address) {
    return VectorClasses.known(
        IntVector.fromMemorySegment(HALF, ALL, address, ORDER), HALF_VECTORS);
  }
}
