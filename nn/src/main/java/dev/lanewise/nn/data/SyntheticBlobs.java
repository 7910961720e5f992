package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import dev.lanewise.nn.internal.Checks;
import java.util.Arrays;

/**
 * Normally distributed points around a centre for each class: the easiest set of several classes.
 * The numbers are those of scikit-learn's {@code make_blobs} for the same seed and settings, up to
 * rounding.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var anywhere = SyntheticBlobs.of(150, 2).withCenters(3).draw(0);
 *   IO.println(anywhere); // [150, 2], 3 classes
 *   double[][] centers = {{-2, 0}, {2, 0}};
 *   var here = SyntheticBlobs.around(100, centers).withDeviation(0.5).draw(0);
 *   IO.println(here); // [100, 2], 2 classes
 * }
 * }
 */
public final class SyntheticBlobs {
  private final int samples;
  private final int features;
  private final int classes;

  /** The centres; none if they are drawn. */
  private final double[][] centers;

  private final double low;
  private final double high;

  /** One for all classes, or one for each. */
  private final double[] deviations;

  private SyntheticBlobs(
      int samples,
      int features,
      int classes,
      double[][] centers,
      double low,
      double high,
      double[] deviations) {
    this.samples = samples;
    this.features = features;
    this.classes = classes;
    this.centers = centers;
    this.low = low;
    this.high = high;
    this.deviations = deviations;
  }

  /**
   * {@return the settings for points of three classes around centres drawn evenly between −10 and
   * 10 along each axis, with standard deviation 1}
   *
   * @param samples how many, at least 1; what does not divide evenly goes to the first classes
   * @param features how many numbers a sample has, at least 1
   * @throws IllegalArgumentException if a number is too small, or both are too large for one array
   */
  public static SyntheticBlobs of(int samples, int features) {
    int checked = Points.samples("SyntheticBlobs", samples, 1, features);
    return new SyntheticBlobs(checked, features, 3, new double[0][], -10, 10, new double[] {1});
  }

  /**
   * {@return the settings for points around given centres, with standard deviation 1}
   *
   * @param samples how many, at least 1; what does not divide evenly goes to the first classes
   * @param centers the centre of each class, {@code [classes][features]}; copied
   * @throws IllegalArgumentException if there is no centre, if they differ in length, if a number
   *     is not finite, or if there are too few samples, or too many for one array
   */
  public static SyntheticBlobs around(int samples, double[][] centers) {
    double[][] copy = Arrays.stream(centers).map(double[]::clone).toArray(double[][]::new);
    if (copy.length == 0) {
      throw new IllegalArgumentException("SyntheticBlobs: there must be at least one centre");
    }
    int features = copy[0].length;
    for (double[] center : copy) {
      if (center.length != features || !Arrays.stream(center).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "SyntheticBlobs: each centre must have %d finite numbers, as many as the first, not %s"
                .formatted(features, Arrays.toString(center)));
      }
    }
    int checked = Points.samples("SyntheticBlobs", samples, 1, features);
    return new SyntheticBlobs(checked, features, copy.length, copy, 0, 0, new double[] {1});
  }

  /**
   * {@return these settings with another number of centres, all of them drawn}
   *
   * @param classes how many, at least 1
   * @throws IllegalArgumentException if there is none, if the centres are given, or if there are
   *     not as many deviations as classes
   */
  public SyntheticBlobs withCenters(int classes) {
    requireDrawn();
    if (classes < 1) {
      throw new IllegalArgumentException(
          "SyntheticBlobs: there must be at least one centre, not " + classes);
    }
    requireDeviations(deviations, classes);
    return new SyntheticBlobs(samples, features, classes, centers, low, high, deviations);
  }

  /**
   * {@return these settings with centres drawn from another range}
   *
   * @param low the lower bound along each axis
   * @param high the upper bound, at least the lower
   * @throws IllegalArgumentException if they are not finite or out of order, or if the centres are
   *     given
   */
  public SyntheticBlobs withBox(double low, double high) {
    requireDrawn();
    if (!(low <= high && Double.isFinite(high - low))) {
      throw new IllegalArgumentException(
          "SyntheticBlobs: the box must be from a number to one that is not smaller, not %s to %s"
              .formatted(low, high));
    }
    return new SyntheticBlobs(samples, features, classes, centers, low, high, deviations);
  }

  /**
   * {@return these settings with other distances from the centres}
   *
   * @param deviations the standard deviation of each class, or one for all; at least 0
   * @throws IllegalArgumentException if one is negative or not finite, or if there are not as many
   *     as classes: set their number first
   */
  public SyntheticBlobs withDeviation(double... deviations) {
    requireDeviations(deviations, classes);
    for (double each : deviations) {
      Checks.notNegative("SyntheticBlobs: a deviation", each);
    }
    return new SyntheticBlobs(samples, features, classes, centers, low, high, deviations.clone());
  }

  private void requireDrawn() {
    if (centers.length > 0) {
      throw new IllegalArgumentException(
          "SyntheticBlobs: the %d centres are given, none is drawn; start with of(samples, features)"
              .formatted(centers.length));
    }
  }

  private static void requireDeviations(double[] deviations, int classes) {
    if (deviations.length != 1 && deviations.length != classes) {
      throw new IllegalArgumentException(
          "SyntheticBlobs: there must be one deviation, or one for each of %d classes, not %d"
              .formatted(classes, deviations.length));
    }
  }

  /**
   * {@return new points, in random order; classes are named by their numbers}
   *
   * @param seed from 0 to 2³² − 1
   * @throws IllegalArgumentException if the seed is out of range
   */
  public LabeledDataset draw(long seed) {
    NumpyRandom random = new NumpyRandom(seed);
    double[][] middle = centers.length > 0 ? centers : drawCenters(random);
    double[][] x = new double[samples][features];
    int[] labels = new int[samples];
    int row = 0;
    for (int k = 0; k < classes; k++) {
      double deviation = deviations[deviations.length == 1 ? 0 : k];
      int stop = row + samples / classes + (k < samples % classes ? 1 : 0);
      for (; row < stop; row++) {
        labels[row] = k;
        for (int j = 0; j < features; j++) {
          x[row][j] = middle[k][j] + deviation * random.nextGaussian();
        }
      }
    }
    return Points.inOrder(random.permutation(samples), x, labels, classes);
  }

  private double[][] drawCenters(NumpyRandom random) {
    double[][] drawn = new double[classes][features];
    for (double[] center : drawn) {
      for (int j = 0; j < features; j++) {
        center[j] = low + (high - low) * random.nextDouble();
      }
    }
    return drawn;
  }
}
