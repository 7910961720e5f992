package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.Metric;
import java.util.OptionalDouble;

/**
 * {@link BinaryCrossentropy} with less weight on what is easy: each element's loss times {@code (1
 * − q)^gamma}, with q the probability given to what is right (Lin et al., "Focal Loss for Dense
 * Object Detection", 2017).
 *
 * @param fromLogits whether predictions are logits, so that {@code p = sigmoid(prediction)};
 *     otherwise they are {@code p} themselves
 * @param gamma how much less weight, at least 0; at 0 there is no difference
 * @param alpha the weight of targets of 1, from 0 to 1, that of 0 being {@code 1 − alpha}; without
 *     it, both have a weight of 1
 */
public record BinaryFocalCrossentropy(boolean fromLogits, double gamma, OptionalDouble alpha)
    implements Loss {
  private static final Term OF_LOGITS =
      new Term(
          focal(
              Term.PREDICTION.neg().sigmoid(),
              Term.PREDICTION.sigmoid(),
              BinaryCrossentropy.ofLogits(Term.TARGET)));
  private static final Term OF_PROBABILITIES =
      new Term(
          focal(
              Term.ONE.sub(Term.PREDICTION),
              Term.PREDICTION,
              BinaryCrossentropy.ofProbabilities(Term.TARGET, Term.ONE)));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public BinaryFocalCrossentropy {
    Checks.notNegative("binaryFocalCrossentropy: gamma", gamma);
    Term.requireShare("binaryFocalCrossentropy", "alpha", alpha.orElse(0));
  }

  /**
   * Makes the loss with a gamma of 2 and no weights.
   *
   * @param fromLogits whether predictions are logits, not probabilities
   */
  public BinaryFocalCrossentropy(boolean fromLogits) {
    this(fromLogits, 2, OptionalDouble.empty());
  }

  /** Both of {@code miss}, 1 − p, and {@code p} are 1 − q where what is right is the other. */
  private static Expr focal(Expr miss, Expr p, Expr loss) {
    Expr no = Term.ONE.sub(Term.TARGET);
    Expr factor = Cut.focus(Term.TARGET.mul(miss).add(no.mul(p)));
    Expr weight = Term.TARGET.mul(Expr.param(1)).add(no.mul(Expr.param(2)));
    return weight.mul(factor).mul(loss);
  }

  @Override
  public String name() {
    return "binaryFocalCrossentropy";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    double yes = alpha.orElse(1);
    double no = alpha.isPresent() ? 1 - yes : 1;
    double[] settings = {gamma, yes, no};
    return fromLogits
        ? OF_LOGITS.reduce(name(), reduction, settings, predictions, targets)
        : OF_PROBABILITIES.reduce(
            name(), reduction, settings, predictions, targets, predictions.detach());
  }

  /** {@return the share of elements on the right side of one half, which is a logit of 0} */
  @Override
  public Metric accuracy(String name) {
    return new BinaryAccuracy(name, fromLogits ? 0 : 0.5);
  }
}
