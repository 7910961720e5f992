package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * The distance {@code d = |prediction − target|} of each element less {@code beta / 2}, and {@code
 * d² / (2 · beta)} where it is below beta: {@link Huber} divided by its delta.
 *
 * @param beta where the square ends, at least 0; at 0 there is none
 */
public record SmoothL1(double beta) implements Loss {
  private static final Expr SIZE = Term.abs(Term.DISTANCE);
  private static final Expr BETA = Expr.param(0);
  private static final Term TERM =
      new Term(
          Expr.select(
              SIZE.lt(BETA),
              Term.HALF.mul(SIZE.square()).div(BETA),
              SIZE.sub(Term.HALF.mul(BETA))));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if beta is outside its range
   */
  public SmoothL1 {
    Checks.notNegative("smoothL1: beta", beta);
  }

  /** Makes the loss with a beta of 1. */
  public SmoothL1() {
    this(1);
  }

  @Override
  public String name() {
    return "smoothL1";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, new double[] {beta}, predictions, targets);
  }
}
