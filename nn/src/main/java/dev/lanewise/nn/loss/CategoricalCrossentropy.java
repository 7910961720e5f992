package dev.lanewise.nn.loss;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.metric.CategoricalAccuracy;
import dev.lanewise.nn.metric.Metric;
import java.util.Optional;

/**
 * How unexpected the class of each row is, {@code −Σ t · log p} over the classes, for targets that
 * are the probability of each class: 1 and 0, or anything between that sums to 1.
 *
 * <p>From the output of a softmax over the last axis, the loss is computed from the softmax's
 * logits. From other probabilities it is cut as {@link SparseCategoricalCrossentropy} is.
 *
 * @param fromLogits whether predictions are logits, of which the softmax gives probabilities, the
 *     loss as exact as the logits are, however large; otherwise they are probabilities: of a
 *     softmax, or else divided by their sum and cut to [1e-7, 1 − 1e-7] as in Keras
 * @param labelSmoothing the share of each target that is spread over all classes, from 0 to 1
 * @param axis the axis of the classes; negative counts from the last
 */
public record CategoricalCrossentropy(boolean fromLogits, double labelSmoothing, int axis)
    implements Loss {
  /** A prediction divided by the sum of its row. */
  static final Expr PROBABILITY = Term.PREDICTION.div(Expr.arg(2));

  private static final Term OF_LOGS =
      new Term(Cut.smoothed(Term.TARGET).mul(Term.PREDICTION).neg());
  private static final Term OF_PROBABILITIES = new Term(Cut.smoothed(Term.TARGET).mul(minusLog()));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if the smoothing is outside its range
   */
  public CategoricalCrossentropy {
    Term.requireShare("categoricalCrossentropy", "label smoothing", labelSmoothing);
  }

  /**
   * Makes the loss of classes along the last axis, without smoothing.
   *
   * @param fromLogits whether predictions are logits, not probabilities
   */
  public CategoricalCrossentropy(boolean fromLogits) {
    this(fromLogits, 0);
  }

  /**
   * Makes the loss of classes along the last axis.
   *
   * @param fromLogits whether predictions are logits, not probabilities
   * @param labelSmoothing the share of each target that is spread over all classes, from 0 to 1
   */
  public CategoricalCrossentropy(boolean fromLogits, double labelSmoothing) {
    this(fromLogits, labelSmoothing, -1);
  }

  /**
   * {@return −log of {@link #PROBABILITY}} Prediction and sum, arguments 0 and 2, are arguments 3
   * and 4 too, detached.
   */
  static Expr minusLog() {
    Expr value = Expr.arg(3).div(Expr.arg(4));
    return Cut.minusLog(PROBABILITY, value, Cut.cut(value));
  }

  @Override
  public String name() {
    return "categoricalCrossentropy";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    Shape shape = predictions.shape();
    int[] at = {shape.axis(name(), axis)};
    double[] settings = Cut.smoothing(labelSmoothing, shape.dim(at[0]));
    return apply(
        name(),
        reduction,
        fromLogits,
        at,
        settings,
        OF_LOGS,
        OF_PROBABILITIES,
        predictions,
        targets);
  }

  /**
   * {@return a loss of the terms of classes}
   *
   * @param loss who asks
   * @param at the axis of the classes, alone
   * @param ofLogs the term of the logarithm of the probability, argument 0, and the target
   * @param ofProbabilities the term of {@link #PROBABILITY} and {@link #minusLog}
   */
  static Tensor apply(
      String loss,
      Reduction reduction,
      boolean fromLogits,
      int[] at,
      double[] settings,
      Term ofLogs,
      Term ofProbabilities,
      Tensor predictions,
      Tensor targets) {
    Checks.oneShape(loss, "predictions", predictions, "targets", targets);
    boolean last = at[0] == predictions.shape().rank() - 1;
    Optional<Tensor> logits = last ? predictions.logits() : Optional.empty();
    if (fromLogits || logits.isPresent()) {
      Tensor logs = (fromLogits ? predictions : logits.get()).logSoftmax(at[0]);
      return ofLogs.reduce(loss, reduction, at, settings, logs, targets);
    }
    Tensor sum = predictions.sum(true, at);
    return ofProbabilities.reduce(
        loss,
        reduction,
        at,
        settings,
        predictions,
        targets,
        sum,
        predictions.detach(),
        sum.detach());
  }

  /** {@return the share of rows whose largest prediction is that of their largest target} */
  @Override
  public Metric accuracy(String name) {
    return new CategoricalAccuracy(name, axis);
  }
}
