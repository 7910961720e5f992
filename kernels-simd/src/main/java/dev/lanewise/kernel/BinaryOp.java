package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.constant;

import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/**
 * The elementwise functions of two arguments, defined as in {@link UnaryOp}. Comparisons give 1 for
 * true and 0 for false; a comparison with NaN is false, but for {@link #NE}.
 */
public enum BinaryOp {
  /** x + y. */
  ADD((x, y) -> x + y, (x, y) -> constant(1), (x, y) -> constant(1)),
  /** x − y. */
  SUB((x, y) -> x - y, (x, y) -> constant(1), (x, y) -> constant(-1)),
  /** x · y. */
  MUL((x, y) -> x * y, (x, y) -> y, (x, y) -> x),
  /** x / y. */
  DIV((x, y) -> x / y, (x, y) -> y.reciprocal(), (x, y) -> x.div(y.square()).neg()),
  /** The larger; NaN if either is. Equal arguments share the derivative. */
  MAX(Math::max, (x, y) -> share(x.gt(y), x, y), (x, y) -> share(y.gt(x), x, y)),
  /** The smaller; NaN if either is. Equal arguments share the derivative. */
  MIN(Math::min, (x, y) -> share(x.lt(y), x, y), (x, y) -> share(y.lt(x), x, y)),
  /** 1 if x = y. */
  EQ((x, y) -> x == y ? 1 : 0),
  /** 1 if x ≠ y, or either is NaN. */
  NE((x, y) -> x != y ? 1 : 0),
  /** 1 if {@code x < y}. */
  LT((x, y) -> x < y ? 1 : 0),
  /** 1 if {@code x <= y}. */
  LE((x, y) -> x <= y ? 1 : 0),
  /** 1 if {@code x > y}. */
  GT((x, y) -> x > y ? 1 : 0),
  /** 1 if {@code x >= y}. */
  GE((x, y) -> x >= y ? 1 : 0);

  private final DoubleBinaryOperator scalar;
  private final BinaryOperator<Expr> left;
  private final BinaryOperator<Expr> right;
  private final boolean comparison;

  BinaryOp(DoubleBinaryOperator scalar, BinaryOperator<Expr> left, BinaryOperator<Expr> right) {
    this.scalar = scalar;
    this.left = left;
    this.right = right;
    this.comparison = false;
  }

  BinaryOp(DoubleBinaryOperator comparison) {
    this.scalar = comparison;
    this.left = (x, y) -> constant(0);
    this.right = (x, y) -> constant(0);
    this.comparison = true;
  }

  private static Expr share(Expr wins, Expr x, Expr y) {
    return Expr.select(x.eq(y), constant(0.5), wins);
  }

  /**
   * {@return the function's value, computed in double}
   *
   * @param x the first argument
   * @param y the second
   */
  public double apply(double x, double y) {
    return scalar.applyAsDouble(x, y);
  }

  /**
   * {@return the derivative by the first argument}
   *
   * @param x the first argument
   * @param y the second
   */
  public Expr leftDerivative(Expr x, Expr y) {
    return left.apply(x, y);
  }

  /**
   * {@return the derivative by the second argument}
   *
   * @param x the first argument
   * @param y the second
   */
  public Expr rightDerivative(Expr x, Expr y) {
    return right.apply(x, y);
  }

  /** {@return whether the result is 0 or 1} */
  public boolean isComparison() {
    return comparison;
  }

  /**
   * {@return the largest error of a fast kernel, in units in the last place} All are correctly
   * rounded: half a unit, or none where nothing is rounded.
   */
  public double ulps() {
    return switch (this) {
      case ADD, SUB, MUL, DIV -> 0.5;
      case MAX, MIN, EQ, NE, LT, LE, GT, GE -> 0;
    };
  }
}
