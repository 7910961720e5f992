package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.Metric;

/**
 * How unexpected each element is, {@code −(t · log p + (1 − t) · log(1 − p))}, for targets from 0
 * to 1: two classes, or several labels that may hold at once.
 *
 * <p>From probabilities, the loss is cut but its gradient is that of the formula without a cut, as
 * far as {@code p} and {@code 1 − p} are above 1e-30. A sigmoid has no slope left where it has
 * become 0 or 1 itself, which is 1 for inputs above 17 or so; logits learn there too.
 */
public final class BinaryCrossentropy implements Loss {
  /** The prediction, detached. */
  private static final Expr VALUE = Expr.arg(2);

  private static final Expr SMOOTHED = Cut.smoothed(Term.TARGET);

  private static final Term OF_LOGITS = new Term(ofLogits(SMOOTHED));
  private static final Term OF_PROBABILITIES = new Term(ofProbabilities(SMOOTHED, Term.ONE));
  private static final Term WEIGHTED_OF_LOGITS = new Term(weightedOfLogits(Expr.arg(2)));
  private static final Term WEIGHTED_OF_PROBABILITIES =
      new Term(ofProbabilities(SMOOTHED, Expr.arg(3)));

  private final boolean fromLogits;
  private final double labelSmoothing;

  /** {@code null} for none. */
  private final Tensor positiveWeight;

  /**
   * Makes the loss.
   *
   * @param fromLogits whether predictions are logits, so that {@code p = sigmoid(prediction)},
   *     which is exact for large ones too; otherwise they are {@code p} themselves, cut to [1e-7, 1
   *     − 1e-7] as in Keras
   */
  public BinaryCrossentropy(boolean fromLogits) {
    this(fromLogits, 0);
  }

  /**
   * Makes the loss with label smoothing.
   *
   * @param fromLogits whether predictions are logits, not probabilities
   * @param labelSmoothing the share of each target that becomes one half, from 0 to 1
   * @throws IllegalArgumentException if it is outside its range
   */
  public BinaryCrossentropy(boolean fromLogits, double labelSmoothing) {
    this(fromLogits, labelSmoothing, null);
  }

  private BinaryCrossentropy(boolean fromLogits, double labelSmoothing, Tensor positiveWeight) {
    Term.requireShare("binaryCrossentropy", "label smoothing", labelSmoothing);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.positiveWeight = positiveWeight;
  }

  /**
   * {@return the same with more or less weight on targets of 1: {@code −(w · t · log p + (1 − t) ·
   * log(1 − p))}}
   *
   * @param weight the weight, of the predictions' type, and of a shape that stretches to theirs:
   *     {@code [labels]} for predictions {@code [n, labels]}
   */
  public BinaryCrossentropy withPositiveWeight(Tensor weight) {
    return new BinaryCrossentropy(fromLogits, labelSmoothing, weight);
  }

  /** {@return max(x, 0) − x·t + log(1 + e^−|x|), no term of which overflows} */
  static Expr ofLogits(Expr target) {
    Expr size = Term.abs(Term.PREDICTION);
    // (x + |x|) / 2 and not max(x, 0): with the derivative of |x| at 0 being 0, its own is 1/2.
    Expr positive = Term.PREDICTION.add(size).mul(Term.HALF);
    return positive.sub(Term.PREDICTION.mul(target)).add(Term.softplus(size.neg()));
  }

  private static Expr weightedOfLogits(Expr weight) {
    Expr yes = Term.softplus(Term.PREDICTION.neg());
    Expr no = Term.softplus(Term.PREDICTION);
    return weight.mul(SMOOTHED).mul(yes).add(Term.ONE.sub(SMOOTHED).mul(no));
  }

  /** {@return the loss of a prediction, argument 0, that is argument 2 too, detached} */
  static Expr ofProbabilities(Expr target, Expr weight) {
    Expr one = Term.ONE;
    Expr cut = Cut.cut(VALUE);
    Expr yes = Cut.minusLog(Term.PREDICTION, VALUE, cut);
    Expr no = Cut.minusLog(one.sub(Term.PREDICTION), one.sub(VALUE), one.sub(cut));
    Expr weighted = weight == one ? target : weight.mul(target);
    return weighted.mul(yes).add(one.sub(target).mul(no));
  }

  @Override
  public String name() {
    return "binaryCrossentropy";
  }

  @Override
  public Config config() {
    LossTypes.requireNoWeights(this, positiveWeight);
    return Config.of("BinaryCrossentropy")
        .with("fromLogits", fromLogits)
        .with("labelSmoothing", labelSmoothing);
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    double[] settings = Cut.smoothing(labelSmoothing, 2);
    if (positiveWeight == null) {
      return fromLogits
          ? OF_LOGITS.reduce(name(), reduction, settings, predictions, targets)
          : OF_PROBABILITIES.reduce(
              name(), reduction, settings, predictions, targets, predictions.detach());
    }
    Tensor weight = positiveWeight.to(predictions.backend());
    return fromLogits
        ? WEIGHTED_OF_LOGITS.reduce(name(), reduction, settings, predictions, targets, weight)
        : WEIGHTED_OF_PROBABILITIES.reduce(
            name(), reduction, settings, predictions, targets, predictions.detach(), weight);
  }

  /** {@return the share of elements on the right side of one half, which is a logit of 0} */
  @Override
  public Metric accuracy(String name) {
    return new BinaryAccuracy(name, fromLogits ? 0 : 0.5);
  }
}
