package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * How far the wrong of two numbers is ahead: {@code max(margin − target · (x − y), 0)} for targets
 * of 1, where x should be the larger, and −1, where y should. A loss of three tensors.
 *
 * @param margin how far apart the two must be
 */
public record MarginRanking(double margin) {
  private static final String NAME = "marginRanking";

  /** Of x, y and target. */
  private static final Term TERM =
      new Term(Term.positive(Expr.param(0).sub(Expr.arg(2).mul(Expr.arg(0).sub(Expr.arg(1))))));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if the margin is not a number
   */
  public MarginRanking {
    Term.requireFinite(NAME, "margin", margin);
  }

  /** Makes the loss with a margin of 0. */
  public MarginRanking() {
    this(0);
  }

  /**
   * {@return the mean loss, a scalar}
   *
   * @param x one number
   * @param y the other, of the same shape
   * @param target which is the larger, of the same shape
   * @throws dev.lanewise.array.ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor x, Tensor y, Tensor target) {
    return apply(x, y, target, Reduction.MEAN);
  }

  /**
   * {@return the loss}
   *
   * @param x one number
   * @param y the other, of the same shape
   * @param target which is the larger, of the same shape
   * @param reduction what becomes of the losses of the elements
   * @throws dev.lanewise.array.ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor x, Tensor y, Tensor target, Reduction reduction) {
    Checks.oneShape(NAME, "x", x, "y", y);
    Checks.oneShape(NAME, "x", x, "target", target);
    return TERM.reduce(NAME, reduction, new double[] {margin}, x, y, target);
  }
}
