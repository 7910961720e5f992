package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * Half the squared distance {@code d = |prediction − target|} of each element, and {@code delta ·
 * (d − delta / 2)} where that is above delta (Huber, "Robust Estimation of a Location Parameter",
 * 1964).
 *
 * @param delta where the square ends, above 0
 */
public record Huber(double delta) implements Loss {
  private static final Expr SIZE = Term.abs(Term.DISTANCE);
  private static final Expr DELTA = Expr.param(0);
  private static final Term TERM =
      new Term(
          Expr.select(
              SIZE.gt(DELTA),
              DELTA.mul(SIZE.sub(Term.HALF.mul(DELTA))),
              Term.HALF.mul(SIZE.square())));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if delta is outside its range
   */
  public Huber {
    Checks.positive("huber: delta", delta);
  }

  /** Makes the loss with a delta of 1. */
  public Huber() {
    this(1);
  }

  @Override
  public String name() {
    return "huber";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, new double[] {delta}, predictions, targets);
  }
}
