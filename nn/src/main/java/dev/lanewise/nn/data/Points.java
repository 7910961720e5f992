package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import java.util.List;
import java.util.stream.IntStream;

/** What the synthetic sets of points share. */
final class Points {
  private Points() {}

  /**
   * {@return the number of samples, of which the numbers of all fit one array}
   *
   * @param who who asks, for the error's text
   * @param samples how many
   * @param least how few they may be
   * @param features how many numbers a sample has, at least 1
   * @throws IllegalArgumentException if a number is too small, or both are too large
   */
  static int samples(String who, int samples, int least, int features) {
    if (samples < least || features < 1 || (long) samples * features > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%s: needs at least %d samples and 1 feature, in one Java array, not %d and %d"
              .formatted(who, least, samples, features));
    }
    return samples;
  }

  /**
   * {@return points of two curves in a plane, shuffled, and then moved by noise}
   *
   * @param random gives the order, then the noise: as scikit-learn takes them
   * @param first the curve of class 0
   * @param second the curve of class 1
   * @param noise the standard deviation of the noise
   */
  static LabeledDataset ofCurves(
      NumpyRandom random, double[][] first, double[][] second, double noise) {
    double[][] x = new double[first.length + second.length][];
    int[] labels = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      labels[i] = i < first.length ? 0 : 1;
      x[i] = i < first.length ? first[i] : second[i - first.length];
    }
    int[] order = random.permutation(x.length);
    for (int row : order) {
      for (int j = 0; j < x[row].length; j++) {
        x[row][j] += noise * random.nextGaussian();
      }
    }
    return inOrder(order, x, labels, 2);
  }

  /**
   * {@return rows in another order as a data set; classes are named by their numbers}
   *
   * @param order which row comes at each place
   * @param x the rows
   * @param labels their classes
   * @param classes how many classes there are
   */
  static LabeledDataset inOrder(int[] order, double[][] x, int[] labels, int classes) {
    int columns = x[0].length;
    float[] values = new float[order.length * columns];
    int[] ordered = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ordered[i] = labels[order[i]];
      for (int j = 0; j < columns; j++) {
        values[i * columns + j] = (float) x[order[i]][j];
      }
    }
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return LabeledDataset.of(values, new int[] {columns}, ordered, names);
  }
}
