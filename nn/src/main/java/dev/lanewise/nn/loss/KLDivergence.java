package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;

/**
 * The Kullback-Leibler divergence of each row of probabilities from what is right, {@code Σ t ·
 * log(t / p)} along the last axis, with both cut to [1e-7, 1] as in Keras. The gradient by p is
 * that of the formula without a cut, as far as p is above 1e-30. {@link KLDiv} is that of
 * logarithms.
 */
public record KLDivergence() implements Loss {
  private static final Expr VALUE = Expr.arg(2);
  private static final Expr RIGHT = cut(Term.TARGET);
  private static final Term TERM =
      new Term(RIGHT.mul(RIGHT.log().add(Cut.minusLog(Term.PREDICTION, VALUE, cut(VALUE)))));

  private static Expr cut(Expr p) {
    Expr least = Expr.constant(Cut.EPSILON);
    return Expr.select(p.lt(least), least, Expr.select(p.gt(Term.ONE), Term.ONE, p));
  }

  @Override
  public String name() {
    return "klDivergence";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    int[] at = {predictions.shape().axis(name(), -1)};
    return TERM.reduce(
        name(), reduction, at, Term.NO_SETTINGS, predictions, targets, predictions.detach());
  }
}
