package dev.lanewise.nn.data;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * What scalers must know of the features of samples, in double.
 *
 * @param sampleShape the shape of one sample
 * @param counts how many numbers each feature has, without NaN
 * @param mins the smallest of each
 * @param maxs the largest of each
 * @param means the mean of each
 * @param variances the mean of the squared distances from the mean
 */
record FeatureStatistics(
    int[] sampleShape,
    long[] counts,
    double[] mins,
    double[] maxs,
    double[] means,
    double[] variances) {

  /** {@return how many features are scaled by themselves in samples of a shape} */
  static int groups(int... sampleShape) {
    return sampleShape.length == 0 || sampleShape.length == 2 ? 1 : sampleShape[0];
  }

  /**
   * {@return the statistics of samples}
   *
   * @param sampleShape the shape of one sample, which has a number
   * @param size how many numbers all samples have, at least one sample's
   * @param values the numbers, row-major
   * @throws IllegalArgumentException if a feature has an infinite number, or only NaN
   */
  static FeatureStatistics of(int[] sampleShape, int size, IntToDoubleFunction values) {
    int groups = groups(sampleShape);
    int length = 1;
    for (int dim : sampleShape) {
      length *= dim;
    }
    int block = length / groups;
    long[] counts = new long[groups];
    double[] mins = new double[groups];
    double[] maxs = new double[groups];
    double[] means = new double[groups];
    Arrays.fill(mins, Double.POSITIVE_INFINITY);
    Arrays.fill(maxs, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < size; i++) {
      double value = values.applyAsDouble(i);
      if (Double.isNaN(value)) {
        continue;
      }
      int g = i / block % groups;
      if (Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "fit: feature %d of sample %d is %s; there must be numbers, or NaN where one is missing"
                .formatted(g, i / length, value));
      }
      counts[g]++;
      mins[g] = Math.min(mins[g], value);
      maxs[g] = Math.max(maxs[g], value);
      means[g] += value;
    }
    for (int g = 0; g < groups; g++) {
      if (counts[g] == 0) {
        throw new IllegalArgumentException(
            "fit: feature %d has no number in any sample, only NaN; leave it out or fill it in"
                .formatted(g));
      }
      // Between the bounds in spite of rounding: what is always the same is its own mean.
      means[g] = Math.clamp(means[g] / counts[g], mins[g], maxs[g]);
    }
    double[] variances = variances(size, block, values, counts, means);
    return new FeatureStatistics(sampleShape, counts, mins, maxs, means, variances);
  }

  private static double[] variances(
      int size, int block, IntToDoubleFunction values, long[] counts, double[] means) {
    double[] variances = new double[counts.length];
    for (int i = 0; i < size; i++) {
      double value = values.applyAsDouble(i);
      if (!Double.isNaN(value)) {
        int g = i / block % counts.length;
        double distance = value - means[g];
        variances[g] += distance * distance / counts[g];
      }
    }
    return variances;
  }

  /**
   * {@return a scaler made of these numbers}
   *
   * @param scaler how
   * @throws IllegalArgumentException if the numbers of a feature are too far apart
   */
  FittedScaler fit(Scaler scaler) {
    double[] spreads = new double[counts.length];
    for (int g = 0; g < spreads.length; g++) {
      double spread =
          switch (scaler) {
            case MinMaxScaler _ -> maxs[g] - mins[g];
            case StandardScaler _ -> deviation(g);
          };
      if (Double.isInfinite(spread)) {
        throw new IllegalArgumentException(
            "fit: the numbers of feature %d, from %s to %s, are too far apart"
                .formatted(g, mins[g], maxs[g]));
      }
      spreads[g] = spread == 0 ? 1 : spread;
    }
    return switch (scaler) {
      case MinMaxScaler(double low, double high) ->
          new FittedScaler(sampleShape, mins, spreads, high - low, low);
      case StandardScaler() -> new FittedScaler(sampleShape, means, spreads, 1, 0);
    };
  }

  /**
   * {@return the standard deviation of a feature, 0 if it is not more than rounding makes of a
   * constant} The bound is that of Chan, Golub and LeVeque, "Algorithms for computing the sample
   * variance", The American Statistician 37, 1983, as scikit-learn uses it.
   */
  private double deviation(int g) {
    double eps = Math.ulp(1.0);
    double deviation = Math.sqrt(variances[g]);
    double error = counts[g] * eps * Math.abs(means[g]);
    boolean isConstant = deviation <= Math.hypot(Math.sqrt(counts[g] * eps) * deviation, error);
    return isConstant && deviation < Double.POSITIVE_INFINITY ? 0 : deviation;
  }
}
