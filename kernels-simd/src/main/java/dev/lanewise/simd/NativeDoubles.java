package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over {@code double} off the heap, on raw addresses that the caller has checked. */
public final class NativeDoubles {
  private static final VectorSpecies<Double> SPECIES = Lanes.F64;
  private static final long BYTES = SPECIES.vectorByteSize();

  // 4 sums: an FMA takes 4 cycles, and two loads for it can start each cycle.
  private static final long STEP = 4 * BYTES;

  private NativeDoubles() {}

  /**
   * {@return the sum of products of neighbours}
   *
   * @param n how many
   * @param x the first of the first factors
   * @param y the first of the second factors
   */
  public static double dot(long n, long x, long y) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    long end = n * Double.BYTES;
    long at = 0;
    for (; at <= end - STEP; at += STEP) {
      s0 = load(x + at).fma(load(y + at), s0);
      s1 = load(x + at + BYTES).fma(load(y + at + BYTES), s1);
      s2 = load(x + at + 2 * BYTES).fma(load(y + at + 2 * BYTES), s2);
      s3 = load(x + at + 3 * BYTES).fma(load(y + at + 3 * BYTES), s3);
    }
    for (; at < end; at += BYTES) {
      VectorMask<Double> mask = rest(at, end);
      s0 = load(x + at, mask).fma(load(y + at, mask), s0);
    }
    return DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
  }

  /**
   * {@return the sum of absolute values}
   *
   * @param n how many
   * @param x the first
   */
  public static double absoluteSum(long n, long x) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    long end = n * Double.BYTES;
    long at = 0;
    for (; at <= end - STEP; at += STEP) {
      s0 = load(x + at).lanewise(VectorOperators.ABS).add(s0);
      s1 = load(x + at + BYTES).lanewise(VectorOperators.ABS).add(s1);
      s2 = load(x + at + 2 * BYTES).lanewise(VectorOperators.ABS).add(s2);
      s3 = load(x + at + 3 * BYTES).lanewise(VectorOperators.ABS).add(s3);
    }
    for (; at < end; at += BYTES) {
      s0 = load(x + at, rest(at, end)).lanewise(VectorOperators.ABS).add(s0);
    }
    return DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
  }

  /**
   * {@return the largest absolute value, 0 if there is none; NaN if there is a NaN}
   *
   * @param n how many
   * @param x the first
   */
  public static double absoluteMax(long n, long x) {
    DoubleVector most = DoubleVector.zero(SPECIES);
    long end = n * Double.BYTES;
    long at = 0;
    for (; at <= end - BYTES; at += BYTES) {
      most = load(x + at).lanewise(VectorOperators.ABS).max(most);
    }
    if (at < end) {
      most = load(x + at, rest(at, end)).lanewise(VectorOperators.ABS).max(most);
    }
    return DoubleLanes.max(most);
  }

  /**
   * {@return the sum of squared differences of neighbours}
   *
   * @param n how many
   * @param x the first of the minuends
   * @param y the first of the subtrahends
   */
  public static double squaredDistance(long n, long x, long y) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    long end = n * Double.BYTES;
    long at = 0;
    for (; at <= end - STEP; at += STEP) {
      DoubleVector d0 = load(x + at).sub(load(y + at));
      DoubleVector d1 = load(x + at + BYTES).sub(load(y + at + BYTES));
      DoubleVector d2 = load(x + at + 2 * BYTES).sub(load(y + at + 2 * BYTES));
      DoubleVector d3 = load(x + at + 3 * BYTES).sub(load(y + at + 3 * BYTES));
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    for (; at < end; at += BYTES) {
      VectorMask<Double> mask = rest(at, end);
      DoubleVector d0 = load(x + at, mask).sub(load(y + at, mask));
      s0 = d0.fma(d0, s0);
    }
    return DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
  }

  /**
   * Adds {@code alpha · x} to y.
   *
   * @param n how many
   * @param alpha the factor
   * @param x the first of what is multiplied
   * @param y the first of what is added to
   */
  public static void axpy(long n, double alpha, long x, long y) {
    DoubleVector factor = DoubleVector.broadcast(SPECIES, alpha);
    long end = n * Double.BYTES;
    long at = 0;
    for (; at <= end - BYTES; at += BYTES) {
      load(x + at).fma(factor, load(y + at)).intoMemorySegment(ALL, y + at, ORDER);
    }
    if (at < end) {
      VectorMask<Double> mask = rest(at, end);
      DoubleVector sum = load(x + at, mask).fma(factor, load(y + at, mask));
      sum.intoMemorySegment(ALL, y + at, ORDER, mask);
    }
  }

  /**
   * Multiplies x by {@code alpha}.
   *
   * @param n how many
   * @param alpha the factor
   * @param x the first
   */
  public static void scale(long n, double alpha, long x) {
    long end = n * Double.BYTES;
    long at = 0;
    for (; at <= end - BYTES; at += BYTES) {
      load(x + at).mul(alpha).intoMemorySegment(ALL, x + at, ORDER);
    }
    if (at < end) {
      VectorMask<Double> mask = rest(at, end);
      load(x + at, mask).mul(alpha).intoMemorySegment(ALL, x + at, ORDER, mask);
    }
  }

  private static VectorMask<Double> rest(long at, long end) {
    return SPECIES.indexInRange(0, (int) (Math.min(BYTES, end - at) / Double.BYTES));
  }

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(SPECIES, ALL, address, ORDER);
  }

  private static DoubleVector load(long address, VectorMask<Double> mask) {
    return DoubleVector.fromMemorySegment(SPECIES, ALL, address, ORDER, mask);
  }
}
