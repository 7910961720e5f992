package dev.lanewise.nn.loss;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;

/** Means of a term over all elements of predictions and targets. */
final class Means {
  private static final int[] ALL_AXES = {};

  private Means() {}

  /**
   * {@return the mean, computed in one loop}
   *
   * @param loss who asks
   * @param term of prediction and target, already multiplied with parameter 0, the weight of one
   * @param predictions argument 0
   * @param targets argument 1
   * @param more further arguments, from 2 on
   * @throws ShapeException if the two differ in shape
   */
  static Tensor of(String loss, Expr term, Tensor predictions, Tensor targets, Tensor... more) {
    // A broadcast here would hide [n] against [n, 1], whose mean is over n² pairs.
    if (!predictions.shape().equals(targets.shape())) {
      throw new ShapeException(
          loss
              + ": predictions and targets must have one shape, not "
              + predictions.shape()
              + " and "
              + targets.shape());
    }
    double[] weight = {1.0 / predictions.size()};
    Tensor[] all = new Tensor[more.length + 2];
    all[0] = predictions;
    all[1] = targets;
    System.arraycopy(more, 0, all, 2, more.length);
    return Tensor.mapSum(term, weight, ALL_AXES, false, all);
  }
}
