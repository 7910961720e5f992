package dev.lanewise.bench.measure;

import java.util.Arrays;

/**
 * How long one call takes, over the rounds of a measurement, in seconds.
 *
 * @param best in the fastest round
 * @param quartile in the round that a quarter of all is faster than: the upper quartile of the rate
 * @param median in the middle round
 * @param noise what lies between the quartiles, as a share of the median
 */
public record Timing(double best, double quartile, double median, double noise) {
  /**
   * {@return the summary of rounds}
   *
   * @param seconds for each round, how long a call took in it; at least one
   */
  public static Timing of(double... seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    double median = at(sorted, 0.5);
    return new Timing(
        sorted[0], at(sorted, 0.25), median, (at(sorted, 0.75) - at(sorted, 0.25)) / median);
  }

  private static double at(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
