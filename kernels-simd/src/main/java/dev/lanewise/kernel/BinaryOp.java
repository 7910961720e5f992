package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.constant;

import dev.lanewise.array.DType;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * The elementwise functions of two arguments, defined as in {@link UnaryOp}. Comparisons and
 * logical operations give 1 for true and 0 for false; a comparison with NaN is false, but for
 * {@link #NE}. A logical operation takes for true what is not 0, NaN included.
 *
 * <p>All but {@link #POW} and {@link #ATAN2} have a meaning in the integer types too, by their own
 * arithmetic, which wraps around as Java's does.
 */
public enum BinaryOp {
  /** x + y. */
  ADD(
      (x, y) -> x + y,
      (x, y) -> x + y,
      (x, y) -> constant(1),
      (x, y) -> constant(1),
      "x + y",
      "(T) ((U) x + (U) y)"),
  /** x − y. */
  SUB(
      (x, y) -> x - y,
      (x, y) -> x - y,
      (x, y) -> constant(1),
      (x, y) -> constant(-1),
      "x - y",
      "(T) ((U) x - (U) y)"),
  /** x · y. */
  MUL((x, y) -> x * y, (x, y) -> x * y, (x, y) -> y, (x, y) -> x, "x * y", "(T) ((U) x * (U) y)"),
  /**
   * x / y. A quotient of integers is cut off towards 0, as by Java's {@code /}; that by 0 is 0, and
   * that of the smallest by −1 wraps around to the smallest.
   */
  DIV(
      (x, y) -> x / y,
      ScalarFunctions::quotient,
      (x, y) -> y.reciprocal(),
      (x, y) -> x.div(y.square()).neg(),
      "x / y",
      CudaText.QUOTIENT),
  /** The larger; NaN if either is. Equal arguments share the derivative. */
  MAX(
      Math::max,
      Math::max,
      (x, y) -> share(x.gt(y), x, y),
      (x, y) -> share(y.gt(x), x, y),
      CudaText.MAX,
      "x > y ? x : y"),
  /** The smaller; NaN if either is. Equal arguments share the derivative. */
  MIN(
      Math::min,
      Math::min,
      (x, y) -> share(x.lt(y), x, y),
      (x, y) -> share(y.lt(x), x, y),
      CudaText.MIN,
      "x < y ? x : y"),
  /** 1 if x = y. */
  EQ((x, y) -> x == y ? 1 : 0, (x, y) -> x == y ? 1 : 0, "x == y"),
  /** 1 if x ≠ y, or either is NaN. */
  NE((x, y) -> x != y ? 1 : 0, (x, y) -> x != y ? 1 : 0, "x != y"),
  /** 1 if {@code x < y}. */
  LT((x, y) -> x < y ? 1 : 0, (x, y) -> x < y ? 1 : 0, "x < y"),
  /** 1 if {@code x <= y}. */
  LE((x, y) -> x <= y ? 1 : 0, (x, y) -> x <= y ? 1 : 0, "x <= y"),
  /** 1 if {@code x > y}. */
  GT((x, y) -> x > y ? 1 : 0, (x, y) -> x > y ? 1 : 0, "x > y"),
  /** 1 if {@code x >= y}. */
  GE((x, y) -> x >= y ? 1 : 0, (x, y) -> x >= y ? 1 : 0, "x >= y"),
  /** 1 if neither is 0. */
  AND((x, y) -> x != 0 && y != 0 ? 1 : 0, (x, y) -> x != 0 && y != 0 ? 1 : 0, "x != 0 && y != 0"),
  /** 1 if one of them is not 0. */
  OR((x, y) -> x != 0 || y != 0 ? 1 : 0, (x, y) -> x != 0 || y != 0 ? 1 : 0, "x != 0 || y != 0"),
  /** 1 if exactly one of them is not 0. */
  XOR((x, y) -> x != 0 ^ y != 0 ? 1 : 0, (x, y) -> x != 0 ^ y != 0 ? 1 : 0, "(x != 0) != (y != 0)"),
  /** x to the power of y, in every special case what {@link Math#pow} is. */
  POW(
      Math::pow,
      (x, y) -> y.mul(x.pow(y.sub(constant(1)))),
      // At 0 the logarithm is infinite and the power 0, if y is positive.
      (x, y) -> Expr.select(x.eq(constant(0)), constant(0), x.pow(y).mul(x.log())),
      3,
      CudaText.POW),
  /** The angle of the point (y, x), the first argument being its height y: from −π to π. */
  ATAN2(
      Math::atan2,
      (y, x) -> x.div(x.square().add(y.square())),
      (y, x) -> y.div(x.square().add(y.square())).neg(),
      3,
      "(T) atan2((double) x, (double) y)"),
  /**
   * The remainder of x / y, exact and with the sign of x, as by {@code %}. Of integers it is {@code
   * x - x / y * y} always: the remainder of x / 0 is x.
   */
  REM(
      (x, y) -> x % y,
      ScalarFunctions::remainder,
      (x, y) -> constant(1),
      (x, y) -> Expr.unary(UnaryOp.TRUNC, x.div(y)).neg(),
      "fmod(x, y)",
      "y == 0 ? x : y == -1 ? 0 : x % y");

  private final DoubleBinaryOperator scalar;
  private final LongBinaryOperator integer;
  private final BinaryOperator<Expr> left;
  private final BinaryOperator<Expr> right;
  private final boolean predicate;
  private final double ulps;
  private final String cuda;
  private final String cudaInteger;

  /** A function that is rounded correctly, and exact for integers. */
  BinaryOp(
      DoubleBinaryOperator scalar,
      LongBinaryOperator integer,
      BinaryOperator<Expr> left,
      BinaryOperator<Expr> right,
      String cuda,
      String cudaInteger) {
    this(scalar, integer, left, right, false, 0.5, cuda, cudaInteger);
  }

  /** A function that integers do not have. */
  BinaryOp(
      DoubleBinaryOperator scalar,
      BinaryOperator<Expr> left,
      BinaryOperator<Expr> right,
      double ulps,
      String cuda) {
    this(scalar, null, left, right, false, ulps, cuda, null);
  }

  /** A comparison or a logical operation, which is written alike in all types. */
  BinaryOp(DoubleBinaryOperator comparison, LongBinaryOperator integer, String cuda) {
    this(comparison, integer, (x, y) -> constant(0), (x, y) -> constant(0), true, 0, cuda, cuda);
  }

  BinaryOp(
      DoubleBinaryOperator scalar,
      LongBinaryOperator integer,
      BinaryOperator<Expr> left,
      BinaryOperator<Expr> right,
      boolean predicate,
      double ulps,
      String cuda,
      String cudaInteger) {
    this.scalar = scalar;
    this.integer = integer;
    this.left = left;
    this.right = right;
    this.predicate = predicate;
    this.ulps = ulps;
    this.cuda = cuda;
    this.cudaInteger = cudaInteger;
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

  /** {@return whether the function has a meaning in the integer types} */
  public boolean isForIntegers() {
    return integer != null;
  }

  /**
   * {@return the function's value, computed in 64-bit integers} A narrower type keeps its lowest
   * bits.
   *
   * @param x the first argument
   * @param y the second
   * @throws UnsupportedOperationException if the function is not {@linkplain #isForIntegers for
   *     integers}
   */
  public long applyInteger(long x, long y) {
    if (integer == null) {
      throw new UnsupportedOperationException(this + " has no meaning for integers");
    }
    return integer.applyAsLong(x, y);
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

  /** {@return the first arguments for which the function is a number, whatever the second is} */
  public UnaryOp.Domain leftDomain() {
    return this == POW ? UnaryOp.Domain.NON_NEGATIVE : UnaryOp.Domain.ALL;
  }

  /** {@return whether the result is a truth: 0 or 1} */
  public boolean isPredicate() {
    return predicate;
  }

  /**
   * {@return the largest error of a fast kernel, in units in the last place of the result} Half a
   * unit is a correctly rounded result. A result below the smallest normal number may be off by as
   * many units of the smallest normal one.
   */
  public double ulps() {
    return ulps;
  }

  /**
   * {@return the function in CUDA C: the statements of a function of {@code x} and {@code y} in the
   * type's C type, which end with a {@code return}} As exact as {@link #ulps} by the errors that
   * CUDA documents for its own functions, with products and sums rounded apart.
   *
   * @param dtype the type to compute in: f32, f64, i32 or i64
   * @throws UnsupportedOperationException if it is an integer type and the function is not
   *     {@linkplain #isForIntegers for integers}
   */
  public String cuda(DType dtype) {
    if (dtype.isInteger() && integer == null) {
      throw new UnsupportedOperationException(this + " has no meaning for integers");
    }
    return CudaText.body(dtype.isInteger() ? cudaInteger : cuda, dtype);
  }
}
