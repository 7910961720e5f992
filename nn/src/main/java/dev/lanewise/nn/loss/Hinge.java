package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.Metric;

/**
 * How far each element misses a margin of 1 on its side of 0, {@code max(1 − target · prediction,
 * 0)}, for targets of −1 and 1. Targets of 0 count as −1.
 */
public record Hinge() implements Loss {
  /** How far the prediction is on the wrong side of the margin, 0 on the right one. */
  static final Expr MISSED = Term.positive(Term.ONE.sub(sign(Term.TARGET).mul(Term.PREDICTION)));

  private static final Term TERM = new Term(MISSED);

  private static Expr sign(Expr target) {
    return Expr.select(target.eq(Term.ZERO), Expr.constant(-1), target);
  }

  @Override
  public String name() {
    return "hinge";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, Term.NO_SETTINGS, predictions, targets);
  }

  /** {@return the share of elements on the right side of 0} */
  @Override
  public Metric accuracy(String name) {
    return new BinaryAccuracy(name, 0);
  }
}
