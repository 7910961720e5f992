package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.UnaryOp.Keeps.INPUT;
import static dev.lanewise.kernel.UnaryOp.Keeps.NEITHER;
import static dev.lanewise.kernel.UnaryOp.Keeps.OUTPUT;

import dev.lanewise.array.DType;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * The elementwise functions of one argument. A line here is the definition: what the function
 * means, its derivative, where it is defined, how exact a fast kernel must be and how it is written
 * in CUDA C. Backends, gradients, tests and benchmarks iterate this list.
 *
 * <p>Those that give an integer for every integer have a meaning in the integer types too, by their
 * own arithmetic, which wraps around as Java's does: the negative and the absolute value of the
 * smallest integer are itself.
 */
public enum UnaryOp {
  /** −x. */
  NEG(x -> -x, NEITHER, (x, y) -> constant(-1), Domain.ALL, 0, x -> -x, "-x", "(T) (0 - (U) x)"),
  /** |x|; the derivative at 0 is 0. */
  ABS(
      Math::abs,
      INPUT,
      (x, y) -> x.sign(),
      Domain.ALL,
      0,
      Math::abs,
      "fabs(x)",
      "x < 0 ? (T) (0 - (U) x) : x"),
  /** −1, 0 or 1; NaN stays NaN and −0 stays −0. */
  SIGN(
      Math::signum,
      NEITHER,
      (x, y) -> constant(0),
      Domain.ALL,
      0,
      Long::signum,
      "x > 0 ? (T) 1 : x < 0 ? (T) -1 : x",
      "(x > 0) - (x < 0)"),
  /** x². */
  SQUARE(
      x -> x * x,
      INPUT,
      (x, y) -> constant(2).mul(x),
      Domain.ALL,
      0.5,
      x -> x * x,
      "x * x",
      "(T) ((U) x * (U) x)"),
  /** √x, correctly rounded. */
  SQRT(Math::sqrt, OUTPUT, (x, y) -> constant(0.5).div(y), Domain.NON_NEGATIVE, 0.5, "sqrt(x)"),
  /** 1 / x, correctly rounded. */
  RECIPROCAL(x -> 1 / x, OUTPUT, (x, y) -> y.square().neg(), Domain.ALL, 0.5, "(T) 1 / x"),
  /** eˣ. */
  EXP(Math::exp, OUTPUT, (x, y) -> y, Domain.ALL, 1.5, "(T) exp((double) x)"),
  /** The natural logarithm; −∞ at 0, NaN below. */
  LOG(Math::log, INPUT, (x, y) -> x.reciprocal(), Domain.NON_NEGATIVE, 1.5, "log(x)"),
  /** The hyperbolic tangent. */
  TANH(Math::tanh, OUTPUT, (x, y) -> constant(1).sub(y.square()), Domain.ALL, 3, "tanh(x)"),
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID(
      ScalarFunctions::sigmoid,
      OUTPUT,
      (x, y) -> y.mul(constant(1).sub(y)),
      Domain.ALL,
      4,
      CudaText.SIGMOID),
  /** max(x, 0); the derivative at 0 is 0. */
  RELU(
      x -> Math.max(x, 0),
      OUTPUT,
      (x, y) -> y.gt(constant(0)),
      Domain.ALL,
      0,
      x -> Math.max(x, 0),
      "x > 0 || x != x ? x : (T) 0",
      "x > 0 ? x : 0"),
  /** x · sigmoid(x), also called swish. */
  SILU(
      ScalarFunctions::silu,
      INPUT,
      (x, y) -> x.sigmoid().mul(constant(1).add(x.mul(constant(1).sub(x.sigmoid())))),
      Domain.ALL,
      5,
      CudaText.SILU),
  /** 2ˣ. */
  EXP2(
      ScalarFunctions::exp2,
      OUTPUT,
      (x, y) -> y.mul(constant(Math.log(2))),
      Domain.ALL,
      2,
      "(T) exp2((double) x)"),
  /** eˣ − 1, exact near 0 too. */
  EXPM1(Math::expm1, OUTPUT, (x, y) -> y.add(constant(1)), Domain.ALL, 2, "expm1(x)"),
  /** The logarithm to base 2, exact for powers of 2. */
  LOG2(
      ScalarFunctions::log2,
      INPUT,
      (x, y) -> constant(1 / Math.log(2)).div(x),
      Domain.NON_NEGATIVE,
      3.5,
      CudaText.LOG2),
  /** The logarithm to base 10. */
  LOG10(
      Math::log10,
      INPUT,
      (x, y) -> constant(1 / Math.log(10)).div(x),
      Domain.NON_NEGATIVE,
      3.5,
      "log10(x)"),
  /** log(1 + x), exact near 0 too; −∞ at −1, NaN below. */
  LOG1P(
      Math::log1p,
      INPUT,
      (x, y) -> x.add(constant(1)).reciprocal(),
      Domain.ABOVE_MINUS_ONE,
      2,
      "log1p(x)"),
  /** The sine of an angle in radians. */
  SIN(Math::sin, INPUT, (x, y) -> x.cos(), Domain.ALL, 2.5, "sin(x)"),
  /** The cosine of an angle in radians. */
  COS(Math::cos, INPUT, (x, y) -> x.sin().neg(), Domain.ALL, 2.5, "cos(x)"),
  /** The tangent of an angle in radians. */
  TAN(
      Math::tan,
      OUTPUT,
      (x, y) -> y.square().add(constant(1)),
      Domain.ALL,
      4,
      "(T) tan((double) x)"),
  /** The angle whose sine is x, from −π/2 to π/2. */
  ASIN(
      Math::asin,
      INPUT,
      (x, y) -> oneMinusSquare(x).sqrt().reciprocal(),
      Domain.UNIT,
      4,
      "(T) asin((double) x)"),
  /** The angle whose cosine is x, from 0 to π. */
  ACOS(
      Math::acos,
      INPUT,
      (x, y) -> oneMinusSquare(x).sqrt().reciprocal().neg(),
      Domain.UNIT,
      4,
      "acos(x)"),
  /** The angle whose tangent is x, from −π/2 to π/2. */
  ATAN(
      Math::atan,
      INPUT,
      (x, y) -> x.square().add(constant(1)).reciprocal(),
      Domain.ALL,
      2.5,
      "atan(x)"),
  /** The hyperbolic sine. */
  SINH(Math::sinh, INPUT, (x, y) -> x.cosh(), Domain.ALL, 3, "(T) sinh((double) x)"),
  /** The hyperbolic cosine. */
  COSH(Math::cosh, INPUT, (x, y) -> x.sinh(), Domain.ALL, 2.5, "cosh(x)"),
  /** The inverse of the hyperbolic sine. */
  ASINH(
      ScalarFunctions::asinh,
      INPUT,
      (x, y) -> x.square().add(constant(1)).rsqrt(),
      Domain.ALL,
      4,
      "asinh(x)"),
  /** The inverse of the hyperbolic cosine, from 0 up. */
  ACOSH(
      ScalarFunctions::acosh,
      INPUT,
      (x, y) -> x.sub(constant(1)).mul(x.add(constant(1))).rsqrt(),
      Domain.AT_LEAST_ONE,
      4,
      "(T) acosh((double) x)"),
  /** The inverse of the hyperbolic tangent; ±∞ at ±1. */
  ATANH(
      ScalarFunctions::atanh,
      INPUT,
      (x, y) -> oneMinusSquare(x).reciprocal(),
      Domain.UNIT,
      4,
      "atanh(x)"),
  /** The error function, 2/√π times the integral of e^(−t²) from 0 to x. */
  ERF(
      ScalarFunctions::erf,
      INPUT,
      (x, y) -> x.square().neg().exp().mul(constant(2 / Math.sqrt(Math.PI))),
      Domain.ALL,
      3,
      "erf(x)"),
  /** x · Φ(x) = x · (1 + erf(x / √2)) / 2, exact far below 0 too. */
  GELU(
      ScalarFunctions::gelu,
      INPUT,
      (x, y) -> normalShare(x).add(x.mul(normalDensity(x))),
      Domain.ALL,
      5,
      CudaText.GELU),
  /** log(1 + eˣ), which neither over- nor underflows early. */
  SOFTPLUS(
      ScalarFunctions::softplus,
      INPUT,
      (x, y) -> x.sigmoid(),
      Domain.ALL,
      3,
      "(T) ((x > 0 ? (double) x : 0.0) + log1p(exp(-fabs((double) x))))"),
  /** 1 / √x. */
  RSQRT(
      ScalarFunctions::rsqrt,
      OUTPUT,
      (x, y) -> y.mul(y.square()).mul(constant(-0.5)),
      Domain.NON_NEGATIVE,
      1.5,
      "(T) 1 / sqrt(x)"),
  /** The cube root, of negative numbers too. */
  CBRT(Math::cbrt, OUTPUT, (x, y) -> constant(1 / 3.0).div(y.square()), Domain.ALL, 1.5, "cbrt(x)"),
  /** The largest integer not above x. */
  FLOOR(Math::floor, NEITHER, (x, y) -> constant(0), Domain.ALL, 0, x -> x, "floor(x)", "x"),
  /** The smallest integer not below x. */
  CEIL(Math::ceil, NEITHER, (x, y) -> constant(0), Domain.ALL, 0, x -> x, "ceil(x)", "x"),
  /** The nearest integer; of two, the even one. */
  ROUND(Math::rint, NEITHER, (x, y) -> constant(0), Domain.ALL, 0, x -> x, "rint(x)", "x"),
  /** x without its digits after the point. */
  TRUNC(
      ScalarFunctions::trunc,
      NEITHER,
      (x, y) -> constant(0),
      Domain.ALL,
      0,
      x -> x,
      "trunc(x)",
      "x"),
  /** 1 if x is not a number. */
  IS_NAN(
      x -> ScalarFunctions.truth(Double.isNaN(x)),
      NEITHER,
      (x, y) -> constant(0),
      Domain.ALL,
      0,
      x -> 0,
      "x != x",
      "0"),
  /** 1 if x is infinite. */
  IS_INF(
      x -> ScalarFunctions.truth(Double.isInfinite(x)),
      NEITHER,
      (x, y) -> constant(0),
      Domain.ALL,
      0,
      x -> 0,
      "isinf(x)",
      "0"),
  /** 1 if x is a number and not infinite. */
  IS_FINITE(
      x -> ScalarFunctions.truth(Double.isFinite(x)),
      NEITHER,
      (x, y) -> constant(0),
      Domain.ALL,
      0,
      x -> 1,
      "isfinite(x)",
      "1"),
  /** 1 if x is 0. */
  NOT(
      x -> ScalarFunctions.truth(x == 0),
      NEITHER,
      (x, y) -> constant(0),
      Domain.ALL,
      0,
      x -> x == 0 ? 1 : 0,
      "x == 0",
      "x == 0");

  /** What of a function's call its derivative needs again. */
  public enum Keeps {
    /** The argument. */
    INPUT,
    /** The result, which then need not be computed twice. */
    OUTPUT,
    /** Nothing: the derivative is a constant. */
    NEITHER
  }

  /** The arguments for which a function is a number. */
  public enum Domain {
    /** Every number. */
    ALL,
    /** Zero and above. */
    NON_NEGATIVE,
    /** −1 and above. */
    ABOVE_MINUS_ONE,
    /** One and above. */
    AT_LEAST_ONE,
    /** From −1 to 1. */
    UNIT;

    /**
     * {@return whether the function is a number there}
     *
     * @param x the argument
     */
    public boolean contains(double x) {
      return switch (this) {
        case ALL -> true;
        case NON_NEGATIVE -> x >= 0;
        case ABOVE_MINUS_ONE -> x >= -1;
        case AT_LEAST_ONE -> x >= 1;
        case UNIT -> x >= -1 && x <= 1;
      };
    }
  }

  private final DoubleUnaryOperator scalar;
  private final Keeps keeps;
  private final BinaryOperator<Expr> derivative;
  private final Domain domain;
  private final double ulps;
  private final LongUnaryOperator integer;
  private final String cuda;
  private final String cudaInteger;

  /** A function that integers do not have. */
  UnaryOp(
      DoubleUnaryOperator scalar,
      Keeps keeps,
      BinaryOperator<Expr> derivative,
      Domain domain,
      double ulps,
      String cuda) {
    this(scalar, keeps, derivative, domain, ulps, null, cuda, null);
  }

  UnaryOp(
      DoubleUnaryOperator scalar,
      Keeps keeps,
      BinaryOperator<Expr> derivative,
      Domain domain,
      double ulps,
      LongUnaryOperator integer,
      String cuda,
      String cudaInteger) {
    this.scalar = scalar;
    this.keeps = keeps;
    this.derivative = derivative;
    this.domain = domain;
    this.ulps = ulps;
    this.integer = integer;
    this.cuda = cuda;
    this.cudaInteger = cudaInteger;
  }

  /** 1 − x², with the digits that the square of a number near 1 would lose. */
  private static Expr oneMinusSquare(Expr x) {
    return constant(1).sub(x).mul(constant(1).add(x));
  }

  /** Φ(x). */
  private static Expr normalShare(Expr x) {
    Expr erf = Expr.unary(ERF, x.mul(constant(Math.sqrt(0.5))));
    return erf.add(constant(1)).mul(constant(0.5));
  }

  /** φ(x), the derivative of Φ. */
  private static Expr normalDensity(Expr x) {
    return x.square().mul(constant(-0.5)).exp().mul(constant(1 / Math.sqrt(2 * Math.PI)));
  }

  /**
   * {@return the function's value, computed in double}
   *
   * @param x the argument
   */
  public double apply(double x) {
    return scalar.applyAsDouble(x);
  }

  /** {@return whether the function's value is a truth: 0 or 1} */
  public boolean isPredicate() {
    return this == IS_NAN || this == IS_INF || this == IS_FINITE || this == NOT;
  }

  /** {@return whether the function has a meaning in the integer types} */
  public boolean isForIntegers() {
    return integer != null;
  }

  /**
   * {@return the function's value, computed in 64-bit integers} A narrower type keeps its lowest
   * bits.
   *
   * @param x the argument
   * @throws UnsupportedOperationException if the function is not {@linkplain #isForIntegers for
   *     integers}
   */
  public long applyInteger(long x) {
    if (integer == null) {
      throw new UnsupportedOperationException(this + " has no meaning for integers");
    }
    return integer.applyAsLong(x);
  }

  /** {@return what of the call the derivative needs again} */
  public Keeps keeps() {
    return keeps;
  }

  /**
   * {@return the derivative as an expression} It uses {@code x}, {@code y} or neither, as {@link
   * #keeps} says.
   *
   * @param x the argument
   * @param y the result
   */
  public Expr derivative(Expr x, Expr y) {
    return derivative.apply(x, y);
  }

  /** {@return the arguments for which the function is a number} */
  public Domain domain() {
    return domain;
  }

  /**
   * {@return the largest error of a fast kernel, in units in the last place of the result} A result
   * below the smallest normal number may be off by as many units of the smallest normal one.
   */
  public double ulps() {
    return ulps;
  }

  /**
   * {@return the function in CUDA C: the statements of a function of {@code x} in the type's C
   * type, which end with a {@code return}} As exact as {@link #ulps} by the errors that CUDA
   * documents for its own functions, with products and sums rounded apart.
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
