package dev.lanewise.nn.loss;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;

/**
 * The mean of {@code −log p[label]} over samples that belong to one class each. Predictions are
 * {@code [n, c]}, labels {@code [n]}, i32 or i64, from 0 to {@code c − 1}.
 */
public final class SparseCategoricalCrossentropy implements Loss {
  /** How near 0 and 1 a probability may come; that of Keras. */
  static final double EPSILON = 1e-7;

  /** −log of the probability of the label, cut: of what was picked, and the sum of its row. */
  private static final Expr TERM =
      Expr.unary(
              UnaryOp.LOG,
              Expr.binary(
                  BinaryOp.MIN,
                  Expr.arg(0).div(Expr.arg(1)).max(Expr.constant(EPSILON)),
                  Expr.constant(1 - EPSILON)))
          .neg();

  private static final double[] NO_PARAMS = {};

  private final boolean fromLogits;

  /**
   * Makes the loss.
   *
   * @param fromLogits whether predictions are logits, of which the softmax gives probabilities,
   *     exact for large ones too; otherwise they are probabilities, divided by their sum and cut to
   *     [1e-7, 1 − 1e-7] as in Keras
   */
  public SparseCategoricalCrossentropy(boolean fromLogits) {
    this.fromLogits = fromLogits;
  }

  @Override
  public String name() {
    return "sparseCategoricalCrossentropy";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.CLASSES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets) {
    if (predictions.shape().rank() != 2
        || targets.shape().rank() != 1
        || predictions.shape().dim(0) != targets.shape().dim(0)) {
      throw new ShapeException(
          name()
              + ": predictions must be [n, c] and labels [n], not "
              + predictions.shape()
              + " and "
              + targets.shape());
    }
    if (fromLogits) {
      return predictions.crossEntropy(targets).mean();
    }
    Tensor picked = predictions.gather(1, targets.expandDims(1));
    return Tensor.map(TERM, NO_PARAMS, picked, predictions.sum(true, 1)).mean();
  }

  /** {@return the share of samples whose largest prediction is that of their class} */
  @Override
  public Metric accuracy(String name) {
    return new SparseCategoricalAccuracy(name);
  }
}
