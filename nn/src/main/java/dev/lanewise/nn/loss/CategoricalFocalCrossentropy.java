package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.metric.CategoricalAccuracy;
import dev.lanewise.nn.metric.Metric;

/**
 * {@link CategoricalCrossentropy} with less weight on what is easy: {@code −Σ alpha · (1 − p)^gamma
 * · t · log p} over the classes along the last axis (Lin et al., "Focal Loss for Dense Object
 * Detection", 2017).
 *
 * @param fromLogits whether predictions are logits; otherwise they are probabilities: of a softmax,
 *     or else divided by their sum and cut to [1e-7, 1 − 1e-7] as in Keras
 * @param gamma how much less weight, at least 0; at 0 there is no difference
 * @param alpha the weight of all, at least 0
 */
public record CategoricalFocalCrossentropy(boolean fromLogits, double gamma, double alpha)
    implements Loss {
  private static final Expr WEIGHTED = Term.TARGET.mul(Expr.param(1));
  private static final Term OF_LOGS =
      new Term(
          // 1 − eˣ by what is exact for small x.
          Cut.focus(Expr.unary(UnaryOp.EXPM1, Term.PREDICTION).neg())
              .mul(WEIGHTED)
              .mul(Term.PREDICTION)
              .neg());
  private static final Term OF_PROBABILITIES =
      new Term(
          Cut.focus(Term.ONE.sub(CategoricalCrossentropy.PROBABILITY))
              .mul(WEIGHTED)
              .mul(CategoricalCrossentropy.minusLog()));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public CategoricalFocalCrossentropy {
    Checks.notNegative("categoricalFocalCrossentropy: gamma", gamma);
    Checks.notNegative("categoricalFocalCrossentropy: alpha", alpha);
  }

  /**
   * Makes the loss with a gamma of 2 and an alpha of 0.25, as in Keras.
   *
   * @param fromLogits whether predictions are logits, not probabilities
   */
  public CategoricalFocalCrossentropy(boolean fromLogits) {
    this(fromLogits, 2, 0.25);
  }

  @Override
  public String name() {
    return "categoricalFocalCrossentropy";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    int[] at = {predictions.shape().axis(name(), -1)};
    double[] settings = {gamma, alpha};
    return CategoricalCrossentropy.apply(
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

  /** {@return the share of rows whose largest prediction is that of their largest target} */
  @Override
  public Metric accuracy(String name) {
    return new CategoricalAccuracy(name, -1);
  }
}
