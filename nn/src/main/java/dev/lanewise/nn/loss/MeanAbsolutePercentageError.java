package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;

/**
 * The distance of each element in percent of the target, {@code 100 · |prediction − target| /
 * |target|}. Targets nearer to 0 than 1e-7 count as that far, as in Keras.
 */
public record MeanAbsolutePercentageError() implements Loss {
  private static final Term TERM =
      new Term(
          Term.abs(Term.DISTANCE)
              .div(Term.abs(Term.TARGET).max(Expr.constant(Cut.EPSILON)))
              .mul(Expr.constant(100)));

  @Override
  public String name() {
    return "meanAbsolutePercentageError";
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
