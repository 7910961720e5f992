package dev.lanewise.nn.loss;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import java.util.Optional;

/**
 * How unexpected the label of each sample is, {@code −log p[label]}. Predictions are {@code [n,
 * c]}, labels {@code [n]}, i32 or i64, from 0 to {@code c − 1}. {@link CrossEntropy} has weights of
 * classes, label smoothing and labels that do not count, and takes images of logits.
 *
 * <p>From the output of a softmax, the loss is computed from the softmax's logits, as Keras does on
 * TensorFlow, so that a network that is sure of a wrong class still learns. From other
 * probabilities it is cut, but its gradient is that of {@code −log p} without a cut, and none below
 * 1e-30.
 */
public final class SparseCategoricalCrossentropy implements Loss {
  /** −log of the label's probability: of what was picked and the sum of its row, twice. */
  private static final Term TERM = new Term(term());

  private final boolean fromLogits;

  /**
   * Makes the loss.
   *
   * @param fromLogits whether predictions are logits, of which the softmax gives probabilities, the
   *     loss as exact as the logits are, however large; otherwise they are probabilities: of a
   *     softmax, or else divided by their sum and cut to [1e-7, 1 − 1e-7] as in Keras
   */
  public SparseCategoricalCrossentropy(boolean fromLogits) {
    this.fromLogits = fromLogits;
  }

  private static Expr term() {
    Expr p = Expr.arg(0).div(Expr.arg(1));
    Expr value = Expr.arg(2).div(Expr.arg(3));
    return Cut.minusLog(p, value, Cut.cut(value));
  }

  @Override
  public String name() {
    return "sparseCategoricalCrossentropy";
  }

  @Override
  public Config config() {
    return Config.of("SparseCategoricalCrossentropy").with("fromLogits", fromLogits);
  }

  @Override
  public TargetKind targets() {
    return TargetKind.CLASSES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
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
      return reduction.of(predictions.crossEntropy(targets));
    }
    Optional<Tensor> logits = predictions.logits();
    if (logits.isPresent()) {
      return reduction.of(logits.get().crossEntropy(targets));
    }
    Tensor picked = predictions.gather(1, targets.expandDims(1)).reshape(targets.shape());
    Tensor sum = predictions.sum(1);
    return TERM.reduce(
        name(), reduction, Term.NO_SETTINGS, picked, sum, picked.detach(), sum.detach());
  }

  /** {@return the share of samples whose largest prediction is that of their class} */
  @Override
  public Metric accuracy(String name) {
    return new SparseCategoricalAccuracy(name);
  }
}
