package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.metric.CategoricalAccuracy;
import dev.lanewise.nn.metric.Metric;

/**
 * How far the right class of each row misses a margin of 1 above the others, {@code max(1 + max((1
 * − t) · p) − Σ t · p, 0)} over the classes along the last axis, for targets of 1 and 0.
 */
public record CategoricalHinge() implements Loss {
  private static final Expr RIGHT = Term.TARGET.mul(Term.PREDICTION);
  private static final Expr WRONG = Term.ONE.sub(Term.TARGET).mul(Term.PREDICTION);
  private static final Term TERM = new Term(Term.positive(Term.DISTANCE.add(Term.ONE)));

  @Override
  public String name() {
    return "categoricalHinge";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    Checks.oneShape(name(), "predictions", predictions, "targets", targets);
    int[] at = {predictions.shape().axis(name(), -1)};
    Tensor right = Tensor.mapSum(RIGHT, Term.NO_SETTINGS, at, false, predictions, targets);
    Tensor wrong = Tensor.map(WRONG, Term.NO_SETTINGS, predictions, targets).max(at);
    return TERM.reduce(name(), reduction, Term.NO_SETTINGS, wrong, right);
  }

  /** {@return the share of rows whose largest prediction is that of their largest target} */
  @Override
  public Metric accuracy(String name) {
    return new CategoricalAccuracy(name, -1);
  }
}
