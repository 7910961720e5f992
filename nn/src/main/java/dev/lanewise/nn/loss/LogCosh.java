package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;

/**
 * The logarithm of the hyperbolic cosine of each element's distance: near half its square where it
 * is small, near its size less log 2 where it is large.
 */
public record LogCosh() implements Loss {
  private static final Term TERM =
      new Term(
          // log cosh d = d + log(1 + e^−2d) − log 2, no term of which overflows early.
          Term.DISTANCE
              .add(Term.softplus(Term.DISTANCE.mul(Expr.constant(-2))))
              .sub(Expr.constant(Math.log(2))));

  @Override
  public String name() {
    return "logCosh";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, Term.NO_SETTINGS, predictions, targets);
  }
}
