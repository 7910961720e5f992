package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Checks;

/**
 * Normally distributed samples with numbers that depend linearly on some of the features: {@code y
 * = x · coefficients + bias + noise}. The numbers are those of scikit-learn's {@code
 * make_regression} for the same seed and settings, up to rounding.
 *
 * <p>The coefficients of the informative features lie evenly between 0 and 100, the others are 0.
 * {@link SyntheticLine} gives points of a single feature along a line of one's own.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var data = SyntheticRegression.of(200, 5).withInformative(3).withNoise(2).draw(0);
 *   IO.println(data); // [200, 5] -> [200, 1]
 *   IO.println(data.coefficients()); // what a model should find
 * }
 * }
 */
public final class SyntheticRegression {
  private final int samples;
  private final int features;
  private final int informative;
  private final int targets;
  private final double bias;
  private final double noise;

  private SyntheticRegression(
      int samples, int features, int informative, int targets, double bias, double noise) {
    this.samples = samples;
    this.features = features;
    this.informative = informative;
    this.targets = targets;
    this.bias = bias;
    this.noise = noise;
  }

  /**
   * {@return the settings for samples with one number to predict, no bias and no noise, where up to
   * 10 features are informative}
   *
   * @param samples how many, at least 1
   * @param features how many numbers a sample has, at least 1
   * @throws IllegalArgumentException if a number is too small, or both are too large for one array
   */
  public static SyntheticRegression of(int samples, int features) {
    int checked = Points.samples("SyntheticRegression", samples, 1, features);
    return new SyntheticRegression(checked, features, Math.min(features, 10), 1, 0, 0);
  }

  /**
   * {@return these settings with another number of features that tell something}
   *
   * @param informative how many, from 0 to all
   * @throws IllegalArgumentException if it is out of range
   */
  public SyntheticRegression withInformative(int informative) {
    if (informative < 0 || informative > features) {
      throw new IllegalArgumentException(
          "SyntheticRegression: there must be 0 to %d informative features, not %d"
              .formatted(features, informative));
    }
    return new SyntheticRegression(samples, features, informative, targets, bias, noise);
  }

  /**
   * {@return these settings with several numbers to predict}
   *
   * @param targets how many, at least 1
   * @throws IllegalArgumentException if there is none, or they are too many for one array
   */
  public SyntheticRegression withTargets(int targets) {
    if (targets < 1 || (long) Math.max(samples, features) * targets > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "SyntheticRegression: there must be at least 1 target, of all samples in one Java array,"
              + " not "
              + targets);
    }
    return new SyntheticRegression(samples, features, informative, targets, bias, noise);
  }

  /**
   * {@return these settings with a number added to every target}
   *
   * @param bias the number
   * @throws IllegalArgumentException if it is not finite
   */
  public SyntheticRegression withBias(double bias) {
    if (!Double.isFinite(bias)) {
      throw new IllegalArgumentException(
          "SyntheticRegression: the bias must be a number, not " + bias);
    }
    return new SyntheticRegression(samples, features, informative, targets, bias, noise);
  }

  /**
   * {@return these settings with another noise of the targets}
   *
   * @param deviation its standard deviation, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public SyntheticRegression withNoise(double deviation) {
    Checks.notNegative("SyntheticRegression: the deviation of the noise", deviation);
    return new SyntheticRegression(samples, features, informative, targets, bias, deviation);
  }

  /**
   * {@return new samples; the samples and the features are in random order}
   *
   * @param seed from 0 to 2³² − 1
   * @throws IllegalArgumentException if the seed is out of range
   */
  public RegressionData draw(long seed) {
    NumpyRandom random = new NumpyRandom(seed);
    double[][] x = new double[samples][features];
    for (double[] row : x) {
      for (int j = 0; j < features; j++) {
        row[j] = random.nextGaussian();
      }
    }
    double[][] rule = new double[features][targets];
    for (int j = 0; j < informative; j++) {
      for (int t = 0; t < targets; t++) {
        rule[j][t] = 100 * random.nextDouble();
      }
    }
    double[][] y = new double[samples][targets];
    for (int i = 0; i < samples; i++) {
      for (int t = 0; t < targets; t++) {
        y[i][t] = bias;
        for (int j = 0; j < informative; j++) {
          y[i][t] += x[i][j] * rule[j][t];
        }
      }
    }
    if (noise > 0) { // without noise no number is drawn: the order below depends on it
      for (double[] row : y) {
        for (int t = 0; t < targets; t++) {
          row[t] += noise * random.nextGaussian();
        }
      }
    }
    int[] rows = random.permutation(samples);
    int[] columns = random.permutation(features);
    return new RegressionData(
        tensor(x, rows, columns),
        tensor(y, rows, inOrder(targets)),
        tensor(rule, columns, inOrder(targets)),
        bias);
  }

  private static int[] inOrder(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    return order;
  }

  private static Tensor tensor(double[][] matrix, int[] rows, int[] columns) {
    float[] values = new float[rows.length * columns.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        values[i * columns.length + j] = (float) matrix[rows[i]][columns[j]];
      }
    }
    return Tensor.of(values, rows.length, columns.length);
  }
}
