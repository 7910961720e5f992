package dev.lanewise.nn.data;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
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

  /** {@return a new tensor of the features, f32 {@code [n, …]}, on the best backend} */
  public Tensor x() {
    return Tensor.of(features, shape());
  }

  /** {@return a new tensor of the labels, i32 {@code [n]}: what sparse cross-entropy takes} */
  public Tensor y() {
    return Tensor.of(labels);
  }

  /**
   * {@return a new tensor with a 1 at the label of each sample and 0 elsewhere, f32 {@code [n,
   * classes]}: what categorical cross-entropy takes} For labels that are no data set, {@code
   * Tensor.of(labels).oneHot(classes, DType.F32)} does it.
   */
  public Tensor oneHotLabels() {
    return y().oneHot(classes(), DType.F32);
  }

  /**
   * {@return a data set over the same arrays, whose samples have another shape} Images {@code [h,
   * w]} become those of one channel, which convolutions take, by {@code reshape(1, h, w)}.
   *
   * @param sampleShape the shape of one sample, of as many features as now
   * @throws IllegalArgumentException if it has another number of features
   */
  public LabeledDataset reshape(int... sampleShape) {
    return of(features, sampleShape, labels, classNames);
  }

  /** {@return a data set over the same arrays, whose samples are rows {@code [features]}} */
  public LabeledDataset flatten() {
    return reshape(sampleLength());
  }

  /**
   * {@return a data set of other features for the same samples}
   *
   * {@snippet :
   * var centred = Digits.load().map(x -> x.mul(2).sub(1)); // pixels from -1 to 1
   * }
   *
   * @param change gets {@link #x}, and gives one f32 or f64 sample for each, in the same order
   * @throws ShapeException if it gives another number of samples, or samples of no number
   * @throws DTypeException if it gives another type
   */
  public LabeledDataset map(UnaryOperator<Tensor> change) {
    Tensor changed = change.apply(x());
    Shape shape = changed.shape();
    if (shape.rank() == 0 || shape.dim(0) != size() || shape.size() == 0) {
      throw new ShapeException(
          "map: %s must become %d samples as well, not %s"
              .formatted(Arrays.toString(shape()), size(), shape));
    }
    if (!changed.dtype().isCompute()) {
      throw new DTypeException("map: features must be f32 or f64, not " + changed.dtype());
    }
    int[] sampleShape = Samples.sampleOf(shape).dims();
    return of(changed.toFloatArray(), sampleShape, labels, classNames);
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
    return pair(cut("split", Parts.two("split", fraction), seed));
  }

  /**
   * Shuffles the samples and cuts them in two so that each class has the same share in both parts,
   * as nearly as whole samples allow. The parts are of the same sizes as those of {@link
   * #split(double, long)}; a class of {@code c} samples gives {@code fraction * c}, rounded down or
   * up, to the train part.
   *
   * @param fraction the share of the train part, above 0 and below 1
   * @param seed the seed of the shuffle
   * @return copies of the samples, in shuffled order
   * @throws IllegalArgumentException if {@code fraction} is out of range or leaves a part empty
   */
  public TrainTestSplit stratifiedSplit(double fraction, long seed) {
    return pair(cutByClass("stratifiedSplit", Parts.two("stratifiedSplit", fraction), seed));
  }

  private List<int[]> cut(String operation, double[] fractions, long seed) {
    return Parts.shuffled(size(), Parts.lengths(operation, size(), fractions), seed);
  }

  private List<int[]> cutByClass(String operation, double[] fractions, long seed) {
    int[] lengths = Parts.lengths(operation, size(), fractions);
    return Parts.stratified(labels, fractions, lengths, seed);
  }

  private TrainTestSplit pair(List<int[]> rows) {
    return new TrainTestSplit(select(rows.getFirst()), select(rows.getLast()));
  }

  /**
   * Shuffles the samples and cuts them in three, as {@link #split(double, long)} cuts them in two.
   *
   * @param train the share of the train part; the number of its samples is rounded to the nearest
   * @param validation the share of the validation part, rounded as well; the rest is the test part
   * @param seed the seed of the shuffle
   * @return copies of the samples, in shuffled order
   * @throws IllegalArgumentException if a share, or the rest, is not above 0, or leaves a part
   *     empty
   */
  public TrainValidationTestSplit split(double train, double validation, long seed) {
    return triple(cut("split", Parts.three("split", train, validation), seed));
  }

  /**
   * Shuffles the samples and cuts them in three so that each class has the same share in all parts,
   * as nearly as whole samples allow. The parts are of the same sizes as those of {@link
   * #split(double, double, long)}.
   *
   * @param train the share of the train part
   * @param validation the share of the validation part; the rest is the test part
   * @param seed the seed of the shuffle
   * @return copies of the samples, in shuffled order
   * @throws IllegalArgumentException if a share, or the rest, is not above 0, or leaves a part
   *     empty
   */
  public TrainValidationTestSplit stratifiedSplit(double train, double validation, long seed) {
    return triple(
        cutByClass("stratifiedSplit", Parts.three("stratifiedSplit", train, validation), seed));
  }

  private TrainValidationTestSplit triple(List<int[]> rows) {
    return new TrainValidationTestSplit(
        select(rows.get(0)), select(rows.get(1)), select(rows.get(2)));
  }

  /** {@return the shape and the number of classes, such as {@code [1797, 8, 8], 10 classes}} */
  @Override
  public String toString() {
    return Arrays.toString(shape()) + ", " + classes() + " classes";
  }
}
