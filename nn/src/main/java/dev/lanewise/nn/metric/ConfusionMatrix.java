package dev.lanewise.nn.metric;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.LabeledDataset;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Samples;
import java.util.Arrays;
import java.util.List;

/**
 * How often samples of each class were taken for which: row by row the right class, column by
 * column the predicted one. It has many numbers where a {@link Metric} has one, and is filled after
 * training.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor scores = Tensor.of(new float[] {2, 0, 0, 3, 1, 0}, 3, 2);
 *   Tensor labels = Tensor.of(new int[] {0, 1, 1});
 *   var matrix = ConfusionMatrix.of(scores, labels, "cat", "dog");
 *   IO.println(matrix);
 *   IO.println(matrix.accuracy() + " " + matrix.recall(1)); // 0.6667 0.5
 * }
 * }
 */
public final class ConfusionMatrix {
  private static final String NAME = "confusionMatrix";

  /** More classes are a mistake, such as numbers that are no classes, and would fill the memory. */
  private static final int MOST = 4096;

  private final List<String> names;
  private long[][] counts;

  /**
   * Makes an empty matrix.
   *
   * @param names the names of the classes, for the table; none if they are to be numbered and
   *     counted
   */
  public ConfusionMatrix(String... names) {
    this.names = List.of(names);
    reset();
  }

  /**
   * {@return the matrix of predictions}
   *
   * @param predictions what the model says, as {@link #update} takes it
   * @param targets what is right
   * @param names the names of the classes, for the table; may be left out
   * @throws dev.lanewise.array.ShapeException if the shapes do not fit
   * @throws DTypeException if classes are not integers
   * @throws IllegalArgumentException if a class is out of range
   */
  public static ConfusionMatrix of(Tensor predictions, Tensor targets, String... names) {
    ConfusionMatrix matrix = new ConfusionMatrix(names);
    matrix.update(predictions, targets);
    return matrix;
  }

  /**
   * {@return the matrix of predictions for a data set, with the names of its classes}
   *
   * @param predictions what the model says, as {@link #update} takes it
   * @param data what is right
   * @throws dev.lanewise.array.ShapeException if there are not as many predictions as samples
   * @throws IllegalArgumentException if predictions have more classes than the data set
   */
  public static ConfusionMatrix of(Tensor predictions, LabeledDataset data) {
    String[] names = data.classNames().toArray(String[]::new);
    return of(predictions, Tensor.of(data.labels()), names);
  }

  /** Forgets all samples. */
  public void reset() {
    counts = new long[names.size()][names.size()];
  }

  /**
   * Takes samples in.
   *
   * @param predictions {@code [n, c, …]}, for each sample, or place of one, a score of each class,
   *     of which the largest decides; or {@code [n]} or {@code [n, 1]}, the probabilities of class
   *     1 as against class 0; or the classes themselves, as integers of any shape
   * @param targets the right classes: integers, or for scores of their shape with the largest for
   *     the right class, or for probabilities 0 and 1 in any type
   * @throws dev.lanewise.array.ShapeException if the shapes do not fit
   * @throws DTypeException if classes are not integers
   * @throws IllegalArgumentException if a class is negative, or not below the number of scores or
   *     names
   */
  public void update(Tensor predictions, Tensor targets) {
    Shape shape = predictions.shape();
    boolean oneEach = shape.rank() < 2 || Samples.sampleOf(shape).size() == 1;
    if (isClasses(predictions.dtype())) {
      Checks.oneShape(NAME, "predicted classes", predictions, "right classes", targets);
      if (!isClasses(targets.dtype())) {
        throw new DTypeException(
            NAME
                + ": right classes must be integers as predicted ones are, not "
                + targets.dtype()
                + "; call cast(DType.I32)");
      }
      count(targets.toLongArray(), predictions.toLongArray(), 0);
    } else if (oneEach && targets.shape().size() == shape.size()) {
      float[] truths = targets.toFloatArray();
      for (float truth : truths) {
        if (!(truth >= 0 && truth <= 1)) {
          throw new IllegalArgumentException(
              "%s: for predictions of one probability each, %s, targets must be from 0 to 1, not %s"
                  .formatted(NAME, shape, truth));
        }
      }
      count(decided(truths), decided(predictions.toFloatArray()), 2);
    } else {
      ClassScores scores = ClassScores.of(NAME, predictions, targets);
      long[] wanted = new long[scores.size()];
      long[] found = new long[wanted.length];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = scores.labelChecked(i);
        found[i] = scores.largest(i);
      }
      count(wanted, found, scores.classes());
    }
  }

  private static boolean isClasses(DType dtype) {
    return dtype == DType.I32 || dtype == DType.I64 || dtype == DType.BOOL;
  }

  private static long[] decided(float[] probabilities) {
    long[] classes = new long[probabilities.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = probabilities[i] > 0.5 ? 1 : 0;
    }
    return classes;
  }

  private void count(long[] wanted, long[] found, int atLeast) {
    int classes = Math.max(counts.length, atLeast);
    for (long[] each : List.of(wanted, found)) {
      for (long label : each) {
        if (label < 0 || label >= MOST) {
          throw new IllegalArgumentException(
              "%s: a class must be from 0 to %d, not %d".formatted(NAME, MOST - 1, label));
        }
        classes = Math.max(classes, (int) label + 1);
      }
    }
    if (!names.isEmpty() && classes > names.size()) {
      throw new IllegalArgumentException(
          "%s: there are %d classes, but %d names %s"
              .formatted(NAME, classes, names.size(), names));
    }
    long[][] grown = new long[classes][];
    for (int i = 0; i < classes; i++) {
      grown[i] = i < counts.length ? Arrays.copyOf(counts[i], classes) : new long[classes];
    }
    counts = grown;
    for (int i = 0; i < wanted.length; i++) {
      counts[(int) wanted[i]][(int) found[i]]++;
    }
  }

  /** {@return a copy of the counts: {@code counts()[i][j]} samples of class i were taken for j} */
  public long[][] counts() {
    return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
  }

  /**
   * {@return the number of classes: of names, of scores, or one more than the largest class seen}
   */
  public int classes() {
    return counts.length;
  }

  /** {@return the number of samples} */
  public long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** {@return the share of samples that were taken for what they are; NaN if there are none} */
  public double accuracy() {
    long right = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
    }
    return (double) right / total();
  }

  /**
   * {@return the share of what was taken for a class that is of it; 0 if nothing was}
   *
   * @param label the class
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double precision(int label) {
    return ClassMetric.ratio(counts[label][label], predicted(label));
  }

  /**
   * {@return the share of a class's samples that were taken for it; 0 if there are none}
   *
   * @param label the class
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double recall(int label) {
    return ClassMetric.ratio(counts[label][label], Arrays.stream(counts[label]).sum());
  }

  private long predicted(int label) {
    return Arrays.stream(counts).mapToLong(row -> row[label]).sum();
  }

  /**
   * {@return a table: a row for each right class and a column for each predicted one, with the
   * recall of each row at its end, the precision of each column below it, and the accuracy in the
   * corner}
   */
  @Override
  public String toString() {
    return ConfusionTable.of(this, names);
  }
}
