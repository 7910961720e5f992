package dev.lanewise.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over {@code float[]}, which the JIT does not vectorise by itself, in a fixed order. Without
 * masks, which C2 does not compile for vectors of two lanes.
 */
public final class FloatArrays {
  private static final VectorSpecies<Float> SPECIES = Lanes.F32;
  private static final int LANES = SPECIES.length();

  // 4 sums: an FMA takes 4 cycles, and two loads for it can start each cycle.
  private static final int STEP = 4 * LANES;

  private FloatArrays() {}

  /**
   * {@return the sum of products of neighbours}
   *
   * @param n how many
   * @param x the first factors
   * @param i the first of them
   * @param y the second factors
   * @param j the first of them
   */
  public static float dot(int n, float[] x, int i, float[] y, int j) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
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
    float sum = FloatLanes.sum(s0.add(s1).add(s2.add(s3)));
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
  public static float absoluteSum(int n, float[] x, int i) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
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
    float sum = FloatLanes.sum(s0.add(s1).add(s2.add(s3)));
    for (; p < n; p++) {
      sum += Math.abs(x[i + p]);
    }
    return sum;
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
