package dev.lanewise.nn.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples of one shape, each with a class: images, or rows of a table.
 *
 * <p>The features of all samples lie in one {@code float[]}, row-major, first axis the sample: an
 * image set has the shape {@code [n, height, width]}, a table {@code [n, columns]}. The label of
 * sample {@code i} is {@code labels()[i]}, from 0 to {@code classes() - 1}.
 *
 * <p>{@link #features()} and {@link #labels()} give the arrays themselves, to be read and not
 * written: Fashion-MNIST is 188 MB, and who makes a tensor of it copies it once anyway.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.Digits;
 * import dev.lanewise.nn.data.LabeledDataset;
 *
 * void main() {
 *   LabeledDataset digits = Digits.load();
 *   IO.println(digits); // [1797, 8, 8], 10 classes
 *   var parts = digits.stratifiedSplit(0.8, 42);
 *   IO.println(parts.train().size() + " + " + parts.test().size()); // 1438 + 359
 * }
 * }
 */
public final class LabeledDataset {
  private final float[] features;
  private final int[] sampleShape;
  private final int[] labels;
  private final List<String> classNames;

  private LabeledDataset(
      float[] features, int[] sampleShape, int[] labels, List<String> classNames) {
    this.features = features;
    this.sampleShape = sampleShape;
    this.labels = labels;
    this.classNames = classNames;
  }

  /**
   * Makes a data set of given arrays. It keeps {@code features} and {@code labels} without a copy:
   * leave them alone afterwards.
   *
   * @param features the features of all samples, row-major, first axis the sample
   * @param sampleShape the shape of one sample: {@code [height, width]}, {@code [columns]}, ...
   * @param labels the class of each sample, from 0 to {@code classNames.size() - 1}
   * @param classNames the names of the classes
   * @return the data set
   * @throws IllegalArgumentException if there is no sample, if the lengths and the shape do not fit
   *     each other, or if a label names no class
   */
  public static LabeledDataset of(
      float[] features, int[] sampleShape, int[] labels, List<String> classNames) {
    if (labels.length == 0) {
      throw new IllegalArgumentException("LabeledDataset: there must be at least one sample");
    }
    int rest = features.length % labels.length == 0 ? features.length / labels.length : 0;
    for (int dim : sampleShape) {
      rest = dim > 0 && rest % dim == 0 ? rest / dim : 0;
    }
    if (rest != 1) {
      throw new IllegalArgumentException(
          "LabeledDataset: %d features are not %d samples of shape %s, one for each label"
              .formatted(features.length, labels.length, Arrays.toString(sampleShape)));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "LabeledDataset: label %d is %d, but there are %d classes, from 0 to %d"
                .formatted(i, labels[i], classNames.size(), classNames.size() - 1));
      }
    }
    return new LabeledDataset(features, sampleShape.clone(), labels, List.copyOf(classNames));
  }

  /** {@return the features of all samples, row-major; the array itself, to be read only} */
  public float[] features() {
    return features;
  }

  /** {@return the class of each sample, from 0; the array itself, to be read only} */
  public int[] labels() {
    return labels;
  }

  /** {@return the number of samples, 1 or more} */
  public int size() {
    return labels.length;
  }

  /** {@return the shape of one sample, such as {@code [28, 28]}, as a copy} */
  public int[] sampleShape() {
    return sampleShape.clone();
  }

  /** {@return the shape of all features, such as {@code [60000, 28, 28]}, as a copy} */
  public int[] shape() {
    int[] shape = new int[sampleShape.length + 1];
    shape[0] = size();
    System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
    return shape;
  }

  /** {@return the number of features of one sample, such as 784 for {@code [28, 28]}} */
  public int sampleLength() {
    return features.length / size();
  }

  /** {@return the number of classes} */
  public int classes() {
    return classNames.size();
  }

  /** {@return the names of the classes, by label} */
  public List<String> classNames() {
    return classNames;
  }

  /** {@return how many samples each class has, by label} */
  public int[] classCounts() {
    int[] counts = new int[classes()];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /**
   * {@return a data set of copies of some samples, in the order given}
   *
   * @param rows the samples, each from 0 to {@code size() - 1}; repeats are allowed
   * @throws IllegalArgumentException if no row is given, or if the copies exceed one array
   * @throws IndexOutOfBoundsException if a row does not exist
   */
  public LabeledDataset select(int... rows) {
    int length = sampleLength();
    if ((long) rows.length * length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "select: %d samples of %d features exceed one array".formatted(rows.length, length));
    }
    float[] chosen = new float[rows.length * length];
    int[] chosenLabels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      if (row < 0 || row >= size()) {
        throw new IndexOutOfBoundsException(
            "select: row %d of a data set of %d samples".formatted(row, size()));
      }
      System.arraycopy(features, row * length, chosen, i * length, length);
      chosenLabels[i] = labels[row];
    }
    return of(chosen, sampleShape, chosenLabels, classNames);
  }

  /**
   * {@return a data set of copies of the first samples} Good for a quick trial.
   *
   * @param count how many, from 1 to {@code size()}
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  public LabeledDataset first(int count) {
    if (count < 1 || count > size()) {
      throw new IllegalArgumentException(
          "first: count must be from 1 to %d, but is %d".formatted(size(), count));
    }
    return select(IntStream.range(0, count).toArray());
  }

  /**
   * Shuffles the samples and cuts them in two. Each sample goes to one part. The same seed gives
   * the same parts in the same order on every JVM (SplitMix64 and a Fisher-Yates shuffle).
   *
   * @param fraction the share of the train part, above 0 and below 1; the number of its samples is
   *     rounded to the nearest
   * @param seed the seed of the shuffle
   * @return copies of the samples, in shuffled order
   * @throws IllegalArgumentException if {@code fraction} is out of range or leaves a part empty
   */
  public TrainTestSplit split(double fraction, long seed) {
    int train = trainSize("split", fraction);
    int[] rows = Permutation.of(size(), seed);
    return new TrainTestSplit(
        select(Arrays.copyOf(rows, train)), select(Arrays.copyOfRange(rows, train, size())));
  }

  /**
   * Shuffles the samples and cuts them in two so that each class has the same share in both parts,
   * as nearly as whole samples allow. The parts are of the same sizes as those of {@link #split}; a
   * class of {@code c} samples gives {@code fraction * c}, rounded down or up, to the train part.
   *
   * @param fraction the share of the train part, above 0 and below 1
   * @param seed the seed of the shuffle
   * @return copies of the samples, in shuffled order
   * @throws IllegalArgumentException if {@code fraction} is out of range or leaves a part empty
   */
  public TrainTestSplit stratifiedSplit(double fraction, long seed) {
    int train = trainSize("stratifiedSplit", fraction);
    var parts =
        Parts.stratified(
            labels,
            Parts.two("stratifiedSplit", fraction),
            new int[] {train, size() - train},
            seed);
    return new TrainTestSplit(select(parts.getFirst()), select(parts.getLast()));
  }

  private int trainSize(String operation, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          operation + ": fraction must be above 0 and below 1, but is " + fraction);
    }
    int train = (int) Math.round(fraction * size());
    if (train == 0 || train == size()) {
      throw new IllegalArgumentException(
          "%s: fraction %s of %d samples leaves the %s part empty"
              .formatted(operation, fraction, size(), train == 0 ? "train" : "test"));
    }
    return train;
  }

  /** {@return the shape and the number of classes, such as {@code [1797, 8, 8], 10 classes}} */
  @Override
  public String toString() {
    return Arrays.toString(shape()) + ", " + classes() + " classes";
  }
}
