package dev.lanewise.kernel;

import java.util.function.DoubleBinaryOperator;

/** The ways to combine the elements along an axis into one. */
public enum ReduceOp {
  /** The sum; 0 of no elements. */
  SUM(0, Double::sum),
  /** The product; 1 of no elements. */
  PROD(1, (x, y) -> x * y),
  /** The largest, NaN if any is; −∞ of no elements. */
  MAX(Double.NEGATIVE_INFINITY, Math::max),
  /** The smallest, NaN if any is; ∞ of no elements. */
  MIN(Double.POSITIVE_INFINITY, Math::min);

  private final double identity;
  private final DoubleBinaryOperator combine;

  ReduceOp(double identity, DoubleBinaryOperator combine) {
    this.identity = identity;
    this.combine = combine;
  }

  /** {@return the value that changes nothing: the result over no elements} */
  public double identity() {
    return identity;
  }

  /**
   * {@return two elements combined, in double}
   *
   * @param x one
   * @param y the other
   */
  public double combine(double x, double y) {
    return combine.applyAsDouble(x, y);
  }

  /** {@return the elementwise function that combines two} */
  public BinaryOp binary() {
    return switch (this) {
      case SUM -> BinaryOp.ADD;
      case PROD -> BinaryOp.MUL;
      case MAX -> BinaryOp.MAX;
      case MIN -> BinaryOp.MIN;
    };
  }
}
