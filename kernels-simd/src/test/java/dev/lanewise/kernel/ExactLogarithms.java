package dev.lanewise.kernel;

import dev.lanewise.kernel.Exact.Exponential;

/** {@link Exact} values of exponentials, logarithms, hyperbolic functions and roots. */
final class ExactLogarithms {
  private static final DoubleDouble LN10 =
      new DoubleDouble(0x1.26bb1bbb55516p1, -0x1.f48ad494ea3e9p-53);

  private ExactLogarithms() {}

  static Exact of(UnaryOp op, double x) {
    double a = Math.abs(x);
    boolean odd = op == UnaryOp.SINH || op == UnaryOp.ASINH || op == UnaryOp.ATANH;
    if ((odd || op == UnaryOp.EXPM1 || op == UnaryOp.LOG1P) && a < 0x1p-60) {
      // x plus or minus half its square or a sixth of its cube: 0 or a bit below those that count.
      return Exact.normal(DoubleDouble.of(Math.scalb(x, 200)), -200);
    }
    return switch (op) {
      case EXP2 -> {
        double n = Math.rint(x);
        Exponential e = Exact.exponential(Exact.LN2.times(x - n));
        yield new Exact(e.mantissa(), e.exponent() + (int) n);
      }
      case EXPM1 -> expm1(x);
      case LOG2 -> Exact.normal(log(x).over(Exact.LN2), 0);
      case LOG10 -> Exact.normal(log(x).over(LN10), 0);
      case LOG1P -> Exact.normal(log1p(DoubleDouble.of(x)), 0);
      case SOFTPLUS -> softplus(x);
      case SINH -> sinh(x);
      case COSH -> cosh(a);
      case ASINH -> signed(asinh(a), x);
      case ACOSH -> acosh(x);
      case ATANH ->
          signed(log1p(DoubleDouble.of(2 * a).over(DoubleDouble.sum(1, -a))).scaled(-1), x);
      case RSQRT -> root(x, 2);
      case CBRT -> root(x, 3);
      default -> throw new IllegalArgumentException(op + " is none of these");
    };
  }

  private static Exact signed(DoubleDouble size, double sign) {
    return Exact.normal(sign < 0 ? size.negated() : size, 0);
  }

  /** {@return log x of a positive number} */
  static DoubleDouble log(double x) {
    int k = Math.getExponent(x * 0x1p60) - 60;
    k = x > 1 ? Math.getExponent(x) : k;
    double m = Math.scalb(Math.scalb(x, -k / 2), -k + k / 2);
    // Between √½ and √2, so that little cancels.
    k += m > Math.sqrt(2) ? 1 : 0;
    m = m > Math.sqrt(2) ? m / 2 : m;
    return log1p(DoubleDouble.sum(m, -1)).plus(Exact.LN2.times(k));
  }

  /** {@return log(1 + t)} A double's logarithm first, then the part by which its power misses. */
  static DoubleDouble log1p(DoubleDouble t) {
    double first = StrictMath.log1p(t.hi());
    Exponential e = Exact.exponential(first);
    int k = e.exponent();
    DoubleDouble missed = k == 0 ? t.minus(e.fraction()) : t.plus(1).scaled(-k).minus(e.mantissa());
    DoubleDouble d = missed.over(e.mantissa());
    return d.minus(d.times(d).scaled(-1)).plus(first);
  }

  private static Exact expm1(double x) {
    Exponential e = Exact.exponential(x);
    int k = e.exponent();
    if (k == 0) {
      return Exact.normal(e.fraction(), 0);
    }
    return k > 200
        ? new Exact(e.mantissa(), k)
        : Exact.normal(k < -200 ? DoubleDouble.of(-1) : e.mantissa().scaled(k).plus(-1), 0);
  }

  private static Exact softplus(double x) {
    if (x < -80) {
      Exponential e = Exact.exponential(x);
      return new Exact(e.mantissa(), e.exponent());
    }
    Exponential e = Exact.exponential(Math.max(-700, -Math.abs(x)));
    return Exact.normal(log1p(e.mantissa().scaled(e.exponent())).plus(Math.max(x, 0)), 0);
  }

  private static Exact sinh(double x) {
    Exponential e = Exact.exponential(Math.abs(x));
    if (e.exponent() > 100) {
      return new Exact(x < 0 ? e.mantissa().negated() : e.mantissa(), e.exponent() - 1);
    }
    DoubleDouble power = e.mantissa().scaled(e.exponent());
    DoubleDouble less = e.exponent() == 0 ? e.fraction() : power.plus(-1);
    // (p − 1/p) / 2 with p = 1 + f is (f + f/p) / 2.
    return signed(less.plus(less.over(power)).scaled(-1), x);
  }

  private static Exact cosh(double x) {
    Exponential e = Exact.exponential(x);
    if (e.exponent() > 100) {
      return new Exact(e.mantissa(), e.exponent() - 1);
    }
    DoubleDouble power = e.mantissa().scaled(e.exponent());
    return Exact.normal(power.plus(DoubleDouble.ONE.over(power)).scaled(-1), 0);
  }

  private static DoubleDouble asinh(double a) {
    if (a > 0x1p60) {
      return log(a).plus(Exact.LN2);
    }
    DoubleDouble square = DoubleDouble.product(a, a);
    DoubleDouble root = square.plus(1).root();
    return log1p(square.over(root.plus(1)).plus(a));
  }

  private static Exact acosh(double x) {
    if (x > 0x1p60) {
      return Exact.normal(log(x).plus(Exact.LN2), 0);
    }
    DoubleDouble t = DoubleDouble.sum(x, -1);
    return Exact.normal(log1p(t.plus(t.times(t.plus(2)).root())), 0);
  }

  /** x^(1/3), or x^(−1/2), by one step of Newton's method. */
  private static Exact root(double x, int degree) {
    double a = Math.abs(x);
    int k = Math.getExponent(a < 0x1p-1000 ? a * 0x1p60 : a) - (a < 0x1p-1000 ? 60 : 0);
    k = Math.floorDiv(k, degree) * degree;
    double m = Math.scalb(Math.scalb(a, -k / 2), -k + k / 2);
    if (degree == 2) {
      return Exact.normal(DoubleDouble.ONE.over(DoubleDouble.of(m).root()), -k / 2);
    }
    double first = StrictMath.cbrt(m);
    DoubleDouble missed = DoubleDouble.of(m).minus(DoubleDouble.product(first, first).times(first));
    DoubleDouble root = DoubleDouble.of(first).plus(missed.hi() / (3 * first * first));
    return Exact.normal(x < 0 ? root.negated() : root, k / 3);
  }
}
