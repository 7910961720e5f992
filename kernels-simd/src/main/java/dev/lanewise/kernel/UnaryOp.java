package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.UnaryOp.Keeps.INPUT;
import static dev.lanewise.kernel.UnaryOp.Keeps.NEITHER;
import static dev.lanewise.kernel.UnaryOp.Keeps.OUTPUT;

import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * The elementwise functions of one argument. A line here is the definition: what the function
 * means, its derivative, where it is defined and how exact a fast kernel must be. Backends,
 * gradients, tests and benchmarks iterate this list.
 */
public enum UnaryOp {
  /** −x. */
  NEG(x -> -x, NEITHER, (x, y) -> constant(-1), Domain.ALL, 0),
  /** |x|; the derivative at 0 is 0. */
  ABS(Math::abs, INPUT, (x, y) -> x.sign(), Domain.ALL, 0),
  /** −1, 0 or 1; NaN stays NaN and −0 stays −0. */
  SIGN(Math::signum, NEITHER, (x, y) -> constant(0), Domain.ALL, 0),
  /** x². */
  SQUARE(x -> x * x, INPUT, (x, y) -> constant(2).mul(x), Domain.ALL, 0.5),
  /** √x, correctly rounded. */
  SQRT(Math::sqrt, OUTPUT, (x, y) -> constant(0.5).div(y), Domain.NON_NEGATIVE, 0.5),
  /** 1 / x, correctly rounded. */
  RECIPROCAL(x -> 1 / x, OUTPUT, (x, y) -> y.square().neg(), Domain.ALL, 0.5),
  /** eˣ. */
  EXP(Math::exp, OUTPUT, (x, y) -> y, Domain.ALL, 1.5),
  /** The natural logarithm; −∞ at 0, NaN below. */
  LOG(Math::log, INPUT, (x, y) -> x.reciprocal(), Domain.NON_NEGATIVE, 1.5),
  /** The hyperbolic tangent. */
  TANH(Math::tanh, OUTPUT, (x, y) -> constant(1).sub(y.square()), Domain.ALL, 3),
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID(UnaryOp::scalarSigmoid, OUTPUT, (x, y) -> y.mul(constant(1).sub(y)), Domain.ALL, 4),
  /** max(x, 0); the derivative at 0 is 0. */
  RELU(x -> Math.max(x, 0), OUTPUT, (x, y) -> y.gt(constant(0)), Domain.ALL, 0),
  /** x · sigmoid(x), also called swish. */
  SILU(
      UnaryOp::scalarSilu,
      INPUT,
      (x, y) -> x.sigmoid().mul(constant(1).add(x.mul(constant(1).sub(x.sigmoid())))),
      Domain.ALL,
      5);

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
    NON_NEGATIVE;

    /**
     * {@return whether the function is a number there}
     *
     * @param x the argument
     */
    public boolean contains(double x) {
      return switch (this) {
        case ALL -> true;
        case NON_NEGATIVE -> x >= 0;
      };
    }
  }

  private final DoubleUnaryOperator scalar;
  private final Keeps keeps;
  private final BinaryOperator<Expr> derivative;
  private final Domain domain;
  private final double ulps;

  UnaryOp(
      DoubleUnaryOperator scalar,
      Keeps keeps,
      BinaryOperator<Expr> derivative,
      Domain domain,
      double ulps) {
    this.scalar = scalar;
    this.keeps = keeps;
    this.derivative = derivative;
    this.domain = domain;
    this.ulps = ulps;
  }

  private static double scalarSigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    // exp(-x) overflows below -709, where the result is still a number.
    double e = Math.exp(x);
    return e / (1 + e);
  }

  private static double scalarSilu(double x) {
    if (x == Double.NEGATIVE_INFINITY) {
      return -0.0; // the limit, not the NaN of −∞ · 0
    }
    if (x < -700) {
      // 1 + exp(x) is 1, and exp(x) may be too small to have all its bits; its root has them.
      double root = Math.exp(x / 2);
      return x * root * root;
    }
    return x * scalarSigmoid(x);
  }

  /**
   * {@return the function's value, computed in double}
   *
   * @param x the argument
   */
  public double apply(double x) {
    return scalar.applyAsDouble(x);
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
}
