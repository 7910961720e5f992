package dev.lanewise.bench;

import java.util.SplittableRandom;

/** Numbers to compute on, the same in every run. */
public final class RandomFloats {
  private RandomFloats() {}

  /**
   * {@return random numbers, evenly between two bounds}
   *
   * @param length how many
   * @param bound the numbers lie between {@code -bound} and {@code bound}
   * @param seed another seed gives other numbers
   */
  public static float[] of(int length, double bound, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  /**
   * {@return random indices, as whole numbers}
   *
   * @param length how many
   * @param bound the indices lie from 0 to below it; at most 2²⁴, so that each is a float
   * @param seed another seed gives other indices
   */
  public static float[] indices(int length, int bound, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(bound);
    }
    return values;
  }
}
