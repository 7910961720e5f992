package dev.lanewise.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums over {@code double[]}, which the JIT does not vectorise by itself, in a fixed order. */
public final class DoubleArrays {
  private static final VectorSpecies<Double> SPECIES = Lanes.F64;
  private static final int LANES = SPECIES.length();

  // 4 sums: an FMA takes 4 cycles, and two loads for it can start each cycle.
  private static final int STEP = 4 * LANES;

  private DoubleArrays() {}

  /**
   * {@return the sum of products of neighbours}
   *
   * @param n how many
   * @param x the first factors
   * @param i the first of them
   * @param y the second factors
   * @param j the first of them
   */
  public static double dot(int n, double[] x, int i, double[] y, int j) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    int p = 0;
    for (; p <= n - STEP; p += STEP) {
      s0 = load(x, i + p).fma(load(y, j + p), s0);
      s1 = load(x, i + p + LANES).fma(load(y, j + p + LANES), s1);
      s2 = load(x, i + p + 2 * LANES).fma(load(y, j + p + 2 * LANES), s2);
      s3 = load(x, i + p + 3 * LANES).fma(load(y, j + p + 3 * LANES), s3);
    }
    for (; p < n; p += LANES) {
      var mask = SPECIES.indexInRange(p, n);
      var some = DoubleVector.fromArray(SPECIES, y, j + p, mask);
      s0 = DoubleVector.fromArray(SPECIES, x, i + p, mask).fma(some, s0);
    }
    return DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
  }

  /**
   * {@return the sum of absolute values}
   *
   * @param n how many
   * @param x the numbers
   * @param i the first of them
   */
  public static double absoluteSum(int n, double[] x, int i) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    int p = 0;
    for (; p <= n - STEP; p += STEP) {
      s0 = load(x, i + p).lanewise(VectorOperators.ABS).add(s0);
      s1 = load(x, i + p + LANES).lanewise(VectorOperators.ABS).add(s1);
      s2 = load(x, i + p + 2 * LANES).lanewise(VectorOperators.ABS).add(s2);
      s3 = load(x, i + p + 3 * LANES).lanewise(VectorOperators.ABS).add(s3);
    }
    for (; p < n; p += LANES) {
      var some = DoubleVector.fromArray(SPECIES, x, i + p, SPECIES.indexInRange(p, n));
      s0 = some.lanewise(VectorOperators.ABS).add(s0);
    }
    return DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
  }

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }
}
