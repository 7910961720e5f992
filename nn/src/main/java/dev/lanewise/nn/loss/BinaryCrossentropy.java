package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.Metric;

/**
 * The mean of {@code −(t · log p + (1 − t) · log(1 − p))} over all elements, for targets from 0 to
 * 1: two classes, or several labels that may hold at once.
 *
 * <p>From probabilities, the loss is cut but its gradient is that of the formula without a cut, as
 * far as {@code p} and {@code 1 − p} are above 1e-30. A sigmoid has no slope left where it has
 * become 0 or 1 itself, which is 1 for inputs above 17 or so; logits learn there too.
 */
public final class BinaryCrossentropy implements Loss {
  private static final Expr ONE = Expr.constant(1);
  private static final Expr PREDICTION = Expr.arg(0);
  private static final Expr TARGET = Expr.arg(1);

  /** The prediction, detached. */
  private static final Expr VALUE = Expr.arg(2);

  private static final Expr WEIGHT = Expr.param(0);

  private static final Expr OF_LOGITS = ofLogits().mul(WEIGHT);
  private static final Expr OF_PROBABILITIES = ofProbabilities().mul(WEIGHT);

  private final boolean fromLogits;

  /**
   * Makes the loss.
   *
   * @param fromLogits whether predictions are logits, so that {@code p = sigmoid(prediction)},
   *     which is exact for large ones too; otherwise they are {@code p} themselves, cut to [1e-7, 1
   *     − 1e-7] as in Keras
   */
  public BinaryCrossentropy(boolean fromLogits) {
    this.fromLogits = fromLogits;
  }

  /** max(x, 0) − x·t + log(1 + e^−|x|), no term of which overflows. */
  private static Expr ofLogits() {
    Expr size = Expr.unary(UnaryOp.ABS, PREDICTION);
    // (x + |x|) / 2 and not max(x, 0): with the derivative of |x| at 0 being 0, its own is 1/2.
    Expr positive = PREDICTION.add(size).mul(Expr.constant(0.5));
    Expr rest = Expr.unary(UnaryOp.LOG, ONE.add(size.neg().exp()));
    return positive.sub(PREDICTION.mul(TARGET)).add(rest);
  }

  private static Expr ofProbabilities() {
    Expr cut = Cut.cut(VALUE);
    Expr yes = Cut.minusLog(PREDICTION, VALUE, cut);
    Expr no = Cut.minusLog(ONE.sub(PREDICTION), ONE.sub(VALUE), ONE.sub(cut));
    return TARGET.mul(yes).add(ONE.sub(TARGET).mul(no));
  }

  @Override
  public String name() {
    return "binaryCrossentropy";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets) {
    return fromLogits
        ? Means.of(name(), OF_LOGITS, predictions, targets)
        : Means.of(name(), OF_PROBABILITIES, predictions, targets, predictions.detach());
  }

  /** {@return the share of elements on the right side of one half, which is a logit of 0} */
  @Override
  public Metric accuracy(String name) {
    return new BinaryAccuracy(name, fromLogits ? 0 : 0.5);
  }
}
