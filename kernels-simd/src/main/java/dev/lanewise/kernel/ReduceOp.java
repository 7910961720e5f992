package dev.lanewise.kernel;

import dev.lanewise.array.DType;

/**
 * The ways to combine the elements along an axis into one. Sums and products of integers wrap
 * around, as Java's do.
 */
public enum ReduceOp {
  /** The sum; 0 of no elements. */
  SUM(0, BinaryOp.ADD),
  /** The product; 1 of no elements. */
  PROD(1, BinaryOp.MUL),
  /** The largest, NaN if any is; of no elements −∞, or the integer type's smallest value. */
  MAX(Double.NEGATIVE_INFINITY, BinaryOp.MAX),
  /** The smallest, NaN if any is; of no elements ∞, or the integer type's largest value. */
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
   * {@return the integer that changes nothing: the result over no elements}
   *
   * @param dtype {@link DType#I32} or {@link DType#I64}
   */
  public long identity(DType dtype) {
    boolean wide = dtype == DType.I64;
    return switch (this) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> wide ? Long.MIN_VALUE : Integer.MIN_VALUE;
      case MIN -> wide ? Long.MAX_VALUE : Integer.MAX_VALUE;
    };
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
