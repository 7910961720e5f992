package dev.lanewise.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over {@code double[]}, which the JIT does not vectorise by itself, in a fixed order. Without
 * masks, which C2 does not compile for vectors of two lanes.
 */
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
    for (; p <= n - LANES; p += LANES) {
      s0 = load(x, i + p).fma(load(y, j + p), s0);
    }
    double sum = DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
    for (; p < n; p++) {
      sum = Math.fma(x[i + p], y[j + p], sum);
    }
    return sum;
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
    for (; p <= n - LANES; p += LANES) {
      s0 = load(x, i + p).lanewise(VectorOperators.ABS).add(s0);
    }
    double sum = DoubleLanes.sum(s0.add(s1).add(s2.add(s3)));
    for (; p < n; p++) {
      sum += Math.abs(x[i + p]);
    }
    return sum;
  }

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }
}
