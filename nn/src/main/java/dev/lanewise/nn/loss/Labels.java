package dev.lanewise.nn.loss;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Expr;
import java.util.OptionalLong;

/**
 * Labels {@code [n, …]} of predictions {@code [n, c, …]}, checked, with what they count.
 *
 * @param classes the labels, with class 0 for those that do not count
 * @param counts 1 for labels that count and 0 for others; {@code null} if all count
 * @param weights what each counts: the weight of its class, or 0; {@code null} if all count 1
 */
record Labels(Tensor classes, Tensor counts, Tensor weights) {
  /** What does not count adds nothing, not even where it is endless. */
  private static final Expr WEIGHED =
      Expr.select(Expr.arg(1).eq(Term.ZERO), Term.ZERO, Expr.arg(0).mul(Expr.arg(1)));

  /** A weighed loss as a part of the mean, and with slope 0 where it does not count. */
  private static final Expr SHARE =
      Expr.select(Expr.arg(1).eq(Term.ZERO), Term.ZERO, Expr.arg(0).div(Expr.arg(2)));

  /** 0, but NaN of 0. */
  private static final Expr NAN_OF_ZERO = Expr.arg(0).sub(Expr.arg(0)).div(Expr.arg(0));

  private static final int[] ALL_AXES = {};

  /**
   * {@return the labels, checked}
   *
   * @param loss who asks
   * @param predictions {@code [n, c, …]}
   * @param labels {@code [n, …]}
   * @param ignored the label that does not count
   * @param classWeights {@code [c]}, or {@code null}
   * @throws ShapeException if a shape or a label does not fit
   * @throws DTypeException if labels are not integers
   */
  static Labels of(
      String loss, Tensor predictions, Tensor labels, OptionalLong ignored, Tensor classWeights) {
    Shape shape = predictions.shape();
    requireShapes(loss, predictions, labels);
    if (labels.dtype() != DType.I32 && labels.dtype() != DType.I64) {
      throw new DTypeException(
          loss + ": labels must be i32 or i64, not " + labels.dtype() + "; call cast(DType.I32)");
    }
    if (classWeights != null && !classWeights.shape().equals(Shape.of(shape.dim(1)))) {
      throw new ShapeException(
          "%s: class weights must be [%d], one for each class of predictions %s, not %s"
              .formatted(loss, shape.dim(1), shape, classWeights.shape()));
    }
    new CrossEntropySpec(shape, 1, 0, ignored).checkLabels(loss, labels.data());
    Tensor classes = labels;
    Tensor counts = null;
    if (ignored.isPresent()) {
      // In i64: the ignored label may be no i32.
      Tensor values = labels.cast(DType.I64);
      Tensor isClass = values.ne(ignored.getAsLong());
      classes = values.mul(isClass);
      counts = isClass.cast(predictions.dtype());
    }
    Tensor weights = counts;
    if (classWeights != null) {
      Tensor table = classWeights.to(predictions.backend());
      weights = table.indexSelect(0, classes.reshape(-1)).reshape(classes.shape());
      weights = counts == null ? weights : weights.mul(counts);
    }
    return new Labels(classes, counts, weights);
  }

  /**
   * Throws unless predictions are {@code [n, c, …]} and labels {@code [n, …]}.
   *
   * @param loss who asks
   */
  static void requireShapes(String loss, Tensor predictions, Tensor labels) {
    Shape shape = predictions.shape();
    if (shape.rank() < 2 || !labels.shape().equals(shape.reduced(new int[] {1}, false))) {
      throw new ShapeException(
          "%s: predictions must be [n, c, …] and labels [n, …], not %s and %s"
              .formatted(loss, shape, labels.shape()));
    }
  }

  /** {@return what the predictions say about the labels' classes: one number for each label} */
  Tensor pick(Tensor predictions) {
    return predictions.gather(1, classes.expandDims(1)).reshape(classes.shape());
  }

  /** {@return losses times weights} */
  Tensor weigh(Tensor losses) {
    return weights == null ? losses : Tensor.map(WEIGHED, Term.NO_SETTINGS, losses, weights);
  }

  /** {@return losses, and 0 where a label does not count} */
  Tensor counted(Tensor losses) {
    return counts == null ? losses : Tensor.map(WEIGHED, Term.NO_SETTINGS, losses, counts);
  }

  /**
   * {@return weighed losses, reduced} Their mean is their sum divided by that of the weights; if
   * nothing counts it is NaN, and the predictions have slope 0.
   *
   * @param weighed the losses
   */
  Tensor reduce(Tensor weighed, Reduction reduction) {
    if (reduction != Reduction.MEAN || weights == null) {
      return reduction.of(weighed);
    }
    Tensor total = weights.sum().detach();
    return Tensor.mapSum(SHARE, Term.NO_SETTINGS, ALL_AXES, false, weighed, weights, total)
        .add(Tensor.map(NAN_OF_ZERO, Term.NO_SETTINGS, total));
  }
}
