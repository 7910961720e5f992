package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.array.DType;

/**
 * Makes cosines of dot products. Vectors so long or so short that the squares of their numbers
 * leave the range of numbers, and those with a NaN, are rare: their products are computed once
 * more, scaled and in double.
 */
final class Cosines {
  private final boolean single;
  private final int bytes;

  /** Lengths whose squares keep all their digits lie between these. */
  private final double shortest;

  private final double longest;

  Cosines(DType dtype) {
    this.single = dtype == DType.F32;
    this.bytes = dtype.byteSize();
    this.shortest = single ? 0x1p-50 : 0x1p-450;
    this.longest = single ? 0x1p63 : 0x1p511;
  }

  /** Writes the lengths of vectors as doubles, or NaN where it is not known. */
  void lengths(int d, long vectors, long step, int count, long to) {
    for (int i = 0; i < count; i++) {
      long at = vectors + i * step;
      double length =
          Math.sqrt(single ? NativeFloats.dot(d, at, at) : NativeDoubles.dot(d, at, at));
      boolean good = length >= shortest && length <= longest;
      ALL.set(JAVA_DOUBLE_UNALIGNED, to + 8L * i, good ? length : Double.NaN);
    }
  }

  /**
   * Divides the dot products of a query by lengths.
   *
   * @param d the length of the vectors
   * @param query the query
   * @param length where its length is
   * @param candidates the first candidate
   * @param step the bytes from one to the next
   * @param lengths where their lengths are
   * @param count how many there are
   * @param out where the dot products are, and the cosines go
   */
  void divide(
      int d,
      long query,
      long length,
      long candidates,
      long step,
      long lengths,
      int count,
      long out) {
    double one = ALL.get(JAVA_DOUBLE_UNALIGNED, length);
    for (int j = 0; j < count; j++) {
      double ratio = get(out, j) / (one * ALL.get(JAVA_DOUBLE_UNALIGNED, lengths + 8L * j));
      if (Double.isNaN(ratio)) {
        ratio = cosine(d, query, candidates + j * step);
      }
      // Rounding must not take a cosine out of its range: its arc would be NaN.
      set(out, j, Math.max(-1, Math.min(1, ratio)));
    }
  }

  private double cosine(int d, long x, long y) {
    double largestX = largest(d, x);
    double largestY = largest(d, y);
    if (!(largestX < Double.POSITIVE_INFINITY) || !(largestY < Double.POSITIVE_INFINITY)) {
      return Double.NaN;
    }
    if (largestX == 0 || largestY == 0) {
      return 0;
    }
    int scaleX = -Math.getExponent(largestX);
    int scaleY = -Math.getExponent(largestY);
    double dot = 0;
    double squaresOfX = 0;
    double squaresOfY = 0;
    for (int i = 0; i < d; i++) {
      double a = Math.scalb(get(x, i), scaleX);
      double b = Math.scalb(get(y, i), scaleY);
      dot = Math.fma(a, b, dot);
      squaresOfX = Math.fma(a, a, squaresOfX);
      squaresOfY = Math.fma(b, b, squaresOfY);
    }
    return dot / (Math.sqrt(squaresOfX) * Math.sqrt(squaresOfY));
  }

  private double largest(int d, long x) {
    double largest = 0;
    for (int i = 0; i < d; i++) {
      largest = Math.max(largest, Math.abs(get(x, i)));
    }
    return largest;
  }

  private double get(long from, int i) {
    long at = from + (long) i * bytes;
    return single ? ALL.get(JAVA_FLOAT_UNALIGNED, at) : ALL.get(JAVA_DOUBLE_UNALIGNED, at);
  }

  private void set(long to, int i, double value) {
    long at = to + (long) i * bytes;
    if (single) {
      ALL.set(JAVA_FLOAT_UNALIGNED, at, (float) value);
    } else {
      ALL.set(JAVA_DOUBLE_UNALIGNED, at, value);
    }
  }
}
