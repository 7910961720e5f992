package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/**
 * The squared distance {@code (log(1 + prediction) − log(1 + target))²} of each element, for
 * numbers from 0 on. Those below 1e-7 count as that, as in Keras.
 */
public record MeanSquaredLogarithmicError() implements Loss {
  private static final Term TERM =
      new Term(logarithm(Term.PREDICTION).sub(logarithm(Term.TARGET)).square());

  private static Expr logarithm(Expr x) {
    return Expr.unary(UnaryOp.LOG1P, x.max(Expr.constant(Cut.EPSILON)));
  }

  @Override
  public String name() {
    return "meanSquaredLogarithmicError";
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
