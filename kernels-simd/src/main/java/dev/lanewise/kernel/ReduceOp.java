package dev.lanewise.kernel;

/** The ways to combine the elements along an axis into one. */
public enum ReduceOp {
  /** The sum; 0 of no elements. */
  SUM(0, BinaryOp.ADD),
  /** The product; 1 of no elements. */
  PROD(1, BinaryOp.MUL),
  /** The largest, NaN if any is; −∞ of no elements. */
  MAX(Double.NEGATIVE_INFINITY, BinaryOp.MAX),
  /** The smallest, NaN if any is; ∞ of no elements. */
  MIN(Double.POSITIVE_INFINITY, BinaryOp.MIN);

  private final double identity;
  private final BinaryOp binary;

  ReduceOp(double identity, BinaryOp binary) {
    this.identity = identity;
    this.binary = binary;
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
    return binary.apply(x, y);
  }

  /** {@return the elementwise function that combines two} */
  public BinaryOp binary() {
    return binary;
  }
}
