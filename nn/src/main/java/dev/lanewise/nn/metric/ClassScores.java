package dev.lanewise.nn.metric;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Checks;

/**
 * Predictions {@code [n, c, …]}, a score for each class along axis 1, with the class that is right
 * for each sample, or place of one. In Java: for the few numbers of a batch, a kernel call costs
 * more than a loop.
 */
final class ClassScores {
  private final String who;
  private final float[] scores;
  private final long[] labels;
  private final int classes;

  /** How far the scores of one place are apart: how many places a sample has. */
  private final int step;

  private ClassScores(String who, Tensor predictions, long[] labels) {
    this.who = who;
    this.scores = predictions.toFloatArray();
    this.labels = labels;
    this.classes = predictions.shape().dim(1);
    this.step = step(predictions.shape());
  }

  private static int step(Shape shape) {
    return (int) shape.reduced(new int[] {0, 1}, false).size();
  }

  /**
   * {@return scores with labels or with what is 1 for the right class}
   *
   * @param who who asks, for the error's text
   * @param predictions {@code [n, c, …]}
   * @param targets classes {@code [n, …]}, or {@code [n, c, …]}, the largest being of the right
   *     class
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if classes are not integers
   */
  static ClassScores of(String who, Tensor predictions, Tensor targets) {
    return targets.shape().equals(predictions.shape())
        ? ofOneHot(who, predictions, targets)
        : ofLabels(who, predictions, targets);
  }

  /**
   * {@return scores with labels}
   *
   * @param who who asks, for the error's text
   * @param predictions {@code [n, c, …]}
   * @param labels {@code [n, …]}, integers
   * @throws ShapeException if the shapes do not fit
   * @throws DTypeException if classes are not integers
   */
  static ClassScores ofLabels(String who, Tensor predictions, Tensor labels) {
    Shape shape = predictions.shape();
    if (shape.rank() < 2 || !labels.shape().equals(shape.reduced(new int[] {1}, false))) {
      throw new ShapeException(
          who
              + ": predictions must be [n, c, …] and labels [n, …], not "
              + shape
              + " and "
              + labels.shape());
    }
    if (labels.dtype() != DType.I32 && labels.dtype() != DType.I64) {
      throw new DTypeException(
          who + ": labels must be i32 or i64, not " + labels.dtype() + "; call cast(DType.I32)");
    }
    return new ClassScores(who, predictions, labels.toLongArray());
  }

  /**
   * {@return scores with targets of their shape, whose largest is of the right class}
   *
   * @param who who asks, for the error's text
   * @param predictions {@code [n, c, …]}
   * @param targets {@code [n, c, …]}
   * @throws ShapeException if the shapes do not fit
   */
  static ClassScores ofOneHot(String who, Tensor predictions, Tensor targets) {
    Checks.oneShape(who, "predictions", predictions, "targets", targets);
    Shape shape = predictions.shape();
    if (shape.rank() < 2) {
      throw new ShapeException(who + ": predictions must be [n, c, …], not " + shape);
    }
    float[] wanted = targets.toFloatArray();
    int step = step(shape);
    long[] labels = new long[shape.dim(0) * step];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = largest(wanted, first(i, step, shape.dim(1)), step, shape.dim(1));
    }
    return new ClassScores(who, predictions, labels);
  }

  /** {@return the number of samples, or places} */
  int size() {
    return labels.length;
  }

  /** {@return the number of classes} */
  int classes() {
    return classes;
  }

  /** {@return the right class of a place, whatever number was given} */
  long label(int place) {
    return labels[place];
  }

  /**
   * {@return the right class of a place}
   *
   * @throws IllegalArgumentException if it is none
   */
  int labelChecked(int place) {
    long label = labels[place];
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "%s: label %d is not from 0 to %d, the classes of predictions of %d scores"
              .formatted(who, label, classes - 1, classes));
    }
    return (int) label;
  }

  /** {@return the class with the largest score of a place, the first of equals} */
  int largest(int place) {
    return largest(scores, first(place, step, classes), step, classes);
  }

  /** {@return how many classes have a score above that of a class; all if that is NaN} */
  int above(int place, int label) {
    int first = first(place, step, classes);
    float own = scores[first + label * step];
    int above = 0;
    for (int i = 0; i < classes; i++) {
      above += scores[first + i * step] <= own ? 0 : 1;
    }
    return above;
  }

  private static int first(int place, int step, int classes) {
    return place / step * classes * step + place % step;
  }

  private static int largest(float[] scores, int from, int step, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = scores[from + i * step] > scores[from + best * step] ? i : best;
    }
    return best;
  }
}
