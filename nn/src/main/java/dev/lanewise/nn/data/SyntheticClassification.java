package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Samples of classes that are drawn by chance: clusters of normally distributed points around the
 * corners of a cube, of which a share gets a random label. The numbers are those of scikit-learn's
 * {@code make_classification} for the same seed and settings, up to rounding; its algorithm is that
 * of I. Guyon, "Design of experiments for the NIPS 2003 variable selection benchmark", 2003.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var points =
 *       SyntheticClassification.of(100, 2).withFlippedShare(0.05).withSeparation(1.5).draw(0);
 *   IO.println(points); // [100, 2], 2 classes
 * }
 * }
 */
public final class SyntheticClassification {
  /** A cube of more dimensions has more corners than an int counts. */
  private static final int MOST_INFORMATIVE = 30;

  private final int samples;
  private final int features;
  private int informative = 2;
  private int redundant;
  private int classes = 2;
  private int clustersPerClass = 2;
  private double flippedShare = 0.01;
  private double separation = 1;

  private SyntheticClassification(int samples, int features) {
    this.samples = samples;
    this.features = features;
  }

  /** {@return the same settings, to change one before anybody sees them} */
  private SyntheticClassification copy() {
    SyntheticClassification copy = new SyntheticClassification(samples, features);
    copy.informative = informative;
    copy.redundant = redundant;
    copy.classes = classes;
    copy.clustersPerClass = clustersPerClass;
    copy.flippedShare = flippedShare;
    copy.separation = separation;
    return copy;
  }

  /**
   * {@return the settings for samples of two classes with two clusters each: 2 informative
   * features, none redundant, 1 % of random labels, corners at distance 1 from 0}
   *
   * @param samples how many, at least 1
   * @param features how many numbers a sample has, at least 2; those that are neither informative
   *     nor redundant are noise
   * @throws IllegalArgumentException if a number is too small, or both are too large for one array
   */
  public static SyntheticClassification of(int samples, int features) {
    if (samples < 1 || features < 2 || (long) samples * features > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "SyntheticClassification: needs at least 1 sample and 2 features, in one Java array, not %d and %d"
              .formatted(samples, features));
    }
    return new SyntheticClassification(samples, features);
  }

  /**
   * {@return these settings with other numbers of features that tell something}
   *
   * @param informative in how many dimensions the cube is, 1 to 30
   * @param redundant how many features are sums of informative ones, at least 0
   * @throws IllegalArgumentException if they are out of range, or more than there are features
   */
  public SyntheticClassification withInformative(int informative, int redundant) {
    if (informative < 1
        || informative > MOST_INFORMATIVE
        || redundant < 0
        || informative + redundant > features) {
      throw new IllegalArgumentException(
          ("SyntheticClassification: there must be 1 to %d informative features, and with the"
                  + " redundant ones at most %d, not %d and %d")
              .formatted(MOST_INFORMATIVE, features, informative, redundant));
    }
    SyntheticClassification copy = copy();
    copy.informative = informative;
    copy.redundant = redundant;
    return copy;
  }

  /**
   * {@return these settings with other numbers of classes and clusters} {@link #draw} says if there
   * are more clusters than corners.
   *
   * @param classes how many classes, at least 1
   * @param clustersPerClass how many clusters each has, at least 1
   * @throws IllegalArgumentException if a number is less than 1
   */
  public SyntheticClassification withClasses(int classes, int clustersPerClass) {
    if (classes < 1 || clustersPerClass < 1) {
      throw new IllegalArgumentException(
          "SyntheticClassification: classes and clusters must be at least 1, not %d and %d"
              .formatted(classes, clustersPerClass));
    }
    SyntheticClassification copy = copy();
    copy.classes = classes;
    copy.clustersPerClass = clustersPerClass;
    return copy;
  }

  /**
   * {@return these settings with another share of samples whose label is random}
   *
   * @param share from 0 to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public SyntheticClassification withFlippedShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "SyntheticClassification: the share of random labels must be from 0 to 1, not " + share);
    }
    SyntheticClassification copy = copy();
    copy.flippedShare = share;
    return copy;
  }

  /**
   * {@return these settings with another size of the cube} A larger one is easier to learn.
   *
   * @param separation how far from 0 its corners are along each axis, a number
   * @throws IllegalArgumentException if it is not finite
   */
  public SyntheticClassification withSeparation(double separation) {
    if (!Double.isFinite(separation)) {
      throw new IllegalArgumentException(
          "SyntheticClassification: the separation must be a number, not " + separation);
    }
    SyntheticClassification copy = copy();
    copy.separation = separation;
    return copy;
  }

  /**
   * {@return new samples, in random order; classes are named by their numbers}
   *
   * @param seed from 0 to 2³² − 1
   * @throws IllegalArgumentException if the seed is out of range, or the cube has too few corners
   */
  public LabeledDataset draw(long seed) {
    if ((long) classes * clustersPerClass > 1L << informative) {
      throw new IllegalArgumentException(
          "SyntheticClassification: %d classes of %d clusters need more than the %d corners of a"
                  .formatted(classes, clustersPerClass, 1 << informative)
              + " cube in %d dimensions; use more informative features".formatted(informative));
    }
    int clusters = classes * clustersPerClass;
    NumpyRandom random = new NumpyRandom(seed);
    int[] corners = corners(random, clusters);
    double[][] x = new double[samples][features];
    for (double[] row : x) {
      for (int j = 0; j < informative; j++) {
        row[j] = random.nextGaussian();
      }
    }
    int[] labels = new int[samples];
    int stop = 0;
    for (int k = 0; k < clusters; k++) {
      int start = stop;
      stop += size(k, clusters);
      Arrays.fill(labels, start, stop, k % classes);
      double[][] turn = matrix(random, informative, informative);
      for (int i = start; i < stop; i++) {
        double[] turned = times(x[i], turn);
        for (int j = 0; j < informative; j++) {
          // The first axis is the corner's highest bit.
          boolean far = (corners[k] >>> informative - 1 - j & 1) == 1;
          x[i][j] = turned[j] + (far ? separation : -separation);
        }
      }
    }
    addOthers(random, x);
    flip(random, labels);
    return inRandomOrder(random, x, labels);
  }

  /** Samples that do not divide evenly go to the first clusters. */
  private int size(int cluster, int clusters) {
    int even = (int) (samples * (1.0 / classes) / clustersPerClass);
    int rest = samples - even * clusters;
    return even + rest / clusters + (cluster < rest % clusters ? 1 : 0);
  }

  /** {@return some different corners of the cube} How they are picked depends on their share. */
  private int[] corners(NumpyRandom random, int count) {
    int all = 1 << informative;
    double share = (double) count / all;
    if (share > 0.01 && share < 0.99) {
      return Arrays.copyOf(random.permutation(all), count);
    }
    int[] corners = IntStream.range(0, count).toArray();
    if (share >= 0.2) {
      for (int i = count; i < all; i++) {
        int place = integer(random, i + 1);
        if (place < count) {
          corners[place] = i;
        }
      }
      return corners;
    }
    Set<Integer> picked = new HashSet<>();
    for (int i = 0; i < count; i++) {
      do {
        corners[i] = integer(random, all);
      } while (!picked.add(corners[i]));
    }
    return corners;
  }

  private static int integer(NumpyRandom random, int bound) {
    return (int) random.randint(0, bound).item();
  }

  /** {@return a matrix of random numbers between −1 and 1} */
  private static double[][] matrix(NumpyRandom random, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = 2 * random.nextDouble() - 1;
      }
    }
    return matrix;
  }

  /** {@return the first elements of a row, times a matrix} */
  private static double[] times(double[] row, double[][] matrix) {
    double[] product = new double[matrix[0].length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < product.length; j++) {
        product[j] += row[i] * matrix[i][j];
      }
    }
    return product;
  }

  /** Writes the features that are sums of others, and those that are noise. */
  private void addOthers(NumpyRandom random, double[][] x) {
    if (redundant > 0) {
      double[][] mix = matrix(random, informative, redundant);
      for (double[] row : x) {
        System.arraycopy(times(row, mix), 0, row, informative, redundant);
      }
    }
    for (double[] row : x) {
      for (int j = informative + redundant; j < features; j++) {
        row[j] = random.nextGaussian();
      }
    }
  }

  private void flip(NumpyRandom random, int[] labels) {
    List<Integer> flipped = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      if (random.nextDouble() < flippedShare) {
        flipped.add(i);
      }
    }
    for (int i : flipped) {
      labels[i] = integer(random, classes);
    }
  }

  private LabeledDataset inRandomOrder(NumpyRandom random, double[][] x, int[] labels) {
    int[] rows = random.permutation(samples);
    int[] columns = random.permutation(features);
    double[][] ordered = new double[samples][features];
    for (int i = 0; i < samples; i++) {
      for (int j = 0; j < features; j++) {
        ordered[i][j] = x[i][columns[j]];
      }
    }
    return Points.inOrder(rows, ordered, labels, classes);
  }
}
