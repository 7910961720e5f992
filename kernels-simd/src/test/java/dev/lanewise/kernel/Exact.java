package dev.lanewise.kernel;

import dev.lanewise.array.DType;

/**
 * The value of a function to about 100 bits, as {@code mantissa · 2^exponent}: what errors in units
 * in the last place are measured against. The scalar functions of the JDK are themselves off by up
 * to one unit, which would be a large part of what a kernel is allowed.
 *
 * @param mantissa not far from 1
 * @param exponent the power of 2
 */
record Exact(DoubleDouble mantissa, int exponent) {
  static final DoubleDouble LN2 = new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

  /** {@code e^x = (1 + fraction) · 2^exponent}. */
  record Exponential(DoubleDouble fraction, int exponent) {
    DoubleDouble mantissa() {
      return fraction.plus(1);
    }
  }

  static Exponential exponential(double x) {
    return exponential(DoubleDouble.of(x));
  }

  static Exponential exponential(DoubleDouble x) {
    int k = (int) Math.rint(x.hi() / LN2.hi());
    DoubleDouble rest = x.minus(LN2.times(k));
    // A series for e^y - 1 with |y| < 0.0007, then nine doublings: (1+s)^2 - 1 = 2s + s^2.
    DoubleDouble y = rest.scaled(-9);
    DoubleDouble s = DoubleDouble.of(0);
    for (int n = 11; n >= 1; n--) {
      s = s.plus(1).times(y).over(DoubleDouble.of(n));
    }
    for (int i = 0; i < 9; i++) {
      s = s.plus(s).plus(s.times(s));
    }
    return new Exponential(s, k);
  }

  /**
   * {@return the value of a function} The function is one that is not simply rounded, and its value
   * at {@code x} in double is neither zero nor infinite nor NaN.
   *
   * @param op the function
   * @param x its argument
   */
  static Exact of(UnaryOp op, double x) {
    return switch (op) {
      case EXP -> {
        Exponential e = exponential(x);
        yield new Exact(e.mantissa(), e.exponent);
      }
      case LOG -> log(x);
      case TANH -> new Exact(tanh(x), 0);
      case SIGMOID -> sigmoid(x);
      case SILU -> {
        Exact s = sigmoid(x);
        yield normal(s.mantissa.times(x), s.exponent);
      }
      case EXP2, EXPM1, LOG2, LOG10, LOG1P, SOFTPLUS -> ExactLogarithms.of(op, x);
      case SINH, COSH, ASINH, ACOSH, ATANH, RSQRT, CBRT -> ExactLogarithms.of(op, x);
      case SIN, COS, TAN, ASIN, ACOS, ATAN -> ExactAngles.of(op, x);
      case ERF, GELU -> ExactErrors.of(op, x);
      case NEG, ABS, SIGN, SQUARE, SQRT, RECIPROCAL, RELU, FLOOR, CEIL, ROUND, TRUNC ->
          throw new IllegalArgumentException(op + " is the rounded scalar function");
      case IS_NAN, IS_INF, IS_FINITE, NOT ->
          throw new IllegalArgumentException(op + " is the rounded scalar function");
    };
  }

  /**
   * {@return the value of a function of two arguments} The function is one that is not simply
   * rounded, and its value in double is neither zero nor infinite nor NaN.
   *
   * @param op the function
   * @param x the first argument
   * @param y the second
   */
  static Exact of(BinaryOp op, double x, double y) {
    return switch (op) {
      case POW -> {
        if (y == 0) {
          yield new Exact(DoubleDouble.ONE, 0);
        }
        Exponential e = exponential(ExactLogarithms.log(Math.abs(x)).times(y));
        boolean negative = x < 0 && y % 2 != 0;
        yield new Exact(negative ? e.mantissa().negated() : e.mantissa(), e.exponent);
      }
      case ATAN2 -> ExactAngles.atan2(x, y);
      case ADD, SUB, MUL, DIV, MAX, MIN, EQ, NE, LT, LE, GT, GE, AND, OR, XOR, REM ->
          throw new IllegalArgumentException(op + " is the rounded scalar function");
    };
  }

  static Exact normal(DoubleDouble value, int exponent) {
    int shift = Math.getExponent(value.hi());
    return new Exact(value.scaled(-shift), exponent + shift);
  }

  private static Exact sigmoid(double x) {
    if (x > 800) {
      return new Exact(DoubleDouble.ONE, 0);
    }
    Exponential e = exponential(-Math.abs(x));
    DoubleDouble below = e.mantissa().scaled(e.exponent).plus(1);
    return x >= 0
        ? new Exact(DoubleDouble.ONE.over(below), 0)
        : new Exact(e.mantissa().over(below), e.exponent);
  }

  private static DoubleDouble tanh(double x) {
    double size = Math.abs(x);
    DoubleDouble result;
    if (size < 0x1p-30) {
      // The series; the next term is x^5 · 2/15.
      double cube = size * size * size / -3;
      result = DoubleDouble.sum(size, cube);
    } else if (size > 50) {
      result = DoubleDouble.ONE;
    } else {
      Exponential e = exponential(2 * size);
      DoubleDouble power = e.mantissa().scaled(e.exponent);
      DoubleDouble less = e.exponent == 0 ? e.fraction : power.plus(-1);
      result = less.over(power.plus(1));
    }
    return x < 0 ? new DoubleDouble(-result.hi(), -result.lo()) : result;
  }

  private static Exact log(double x) {
    double first = Math.log(x);
    Exponential e = exponential(first);
    // x = e^first · (1 + d), so log x = first + d - d²/2, and d³ is far below the last bit.
    DoubleDouble over = DoubleDouble.of(Math.scalb(x, -e.exponent) - 1).minus(e.fraction);
    DoubleDouble d = over.over(e.mantissa());
    DoubleDouble log = d.minus(d.times(d).scaled(-1)).plus(first);
    return new Exact(log, 0);
  }

  /**
   * {@return by how many units in the last place a number differs from this} Below the smallest
   * normal number the unit is that of the smallest normal number; an infinity counts as the number
   * after the largest, unless this is larger still.
   *
   * @param actual the number
   * @param dtype its type
   */
  double ulps(double actual, DType dtype) {
    boolean wide = dtype == DType.F64;
    int digits = wide ? 53 : 24;
    int most = wide ? Double.MAX_EXPONENT : Float.MAX_EXPONENT;
    int least = wide ? Double.MIN_EXPONENT : Float.MIN_EXPONENT;
    int size = exponent + Math.getExponent(mantissa.hi());
    double scaled;
    if (Double.isInfinite(actual)) {
      if (size > most && actual > 0 == mantissa.hi() > 0) {
        return 0;
      }
      scaled = Math.scalb(Math.signum(actual), most + 1 - exponent);
    } else {
      scaled = Math.scalb(actual, -exponent);
    }
    double difference = (scaled - mantissa.hi()) - mantissa.lo();
    int unit = Math.clamp(size, least, most) - (digits - 1);
    return Math.abs(Math.scalb(difference, exponent - unit));
  }
}
