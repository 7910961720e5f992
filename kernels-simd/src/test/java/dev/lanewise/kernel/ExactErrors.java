package dev.lanewise.kernel;

import dev.lanewise.kernel.Exact.Exponential;

/** {@link Exact} values of the error function and of the gaussian error linear unit. */
final class ExactErrors {
  private static final DoubleDouble TWO_OVER_ROOT_PI =
      new DoubleDouble(0x1.20dd750429b6dp0, 0x1.1ae3a914fed80p-56);

  private static final DoubleDouble ROOT_HALF = DoubleDouble.of(0.5).root();

  private ExactErrors() {}

  static Exact of(UnaryOp op, double x) {
    DoubleDouble a = DoubleDouble.of(Math.abs(x));
    return switch (op) {
      case ERF -> erf(x);
      case GELU -> gelu(x, a.times(ROOT_HALF));
      default -> throw new IllegalArgumentException(op + " is none of these");
    };
  }

  private static Exact erf(double x) {
    double a = Math.abs(x);
    if (a < 0x1p-60) {
      return Exact.normal(TWO_OVER_ROOT_PI.times(Math.scalb(x, 200)), -200);
    }
    DoubleDouble size = a > 30 ? DoubleDouble.ONE : erf(DoubleDouble.of(a));
    return Exact.normal(x < 0 ? size.negated() : size, 0);
  }

  /** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)): nothing cancels. */
  private static DoubleDouble erf(DoubleDouble x) {
    if (x.hi() > 4) {
      Exponential e = power(x);
      return DoubleDouble.ONE.minus(tail(x).times(e.mantissa()).scaled(e.exponent()));
    }
    DoubleDouble twice = x.times(x).scaled(1);
    DoubleDouble sum = DoubleDouble.ONE;
    for (int n = x.hi() < 0.1 ? 25 : 150; n >= 1; n--) {
      sum = sum.times(twice).over(DoubleDouble.of(2 * n + 1)).plus(1);
    }
    Exponential e = power(x);
    return TWO_OVER_ROOT_PI.times(x).times(sum).times(e.mantissa()).scaled(e.exponent());
  }

  /** {@return e^(−x²)} */
  private static Exponential power(DoubleDouble x) {
    return Exact.exponential(x.times(x).negated());
  }

  /** {@return erfc(x) · e^(x²)} By the continued fraction, which converges fast from 4 on. */
  private static DoubleDouble tail(DoubleDouble x) {
    DoubleDouble fraction = x;
    for (int n = 120; n >= 1; n--) {
      fraction = x.plus(DoubleDouble.of(n / 2.0).over(fraction));
    }
    return TWO_OVER_ROOT_PI.scaled(-1).over(fraction);
  }

  private static Exact gelu(double x, DoubleDouble z) {
    if (z.hi() < 0x1p-60) {
      return Exact.normal(DoubleDouble.of(Math.scalb(x, 200)), -201);
    }
    if (z.hi() <= 4) {
      DoubleDouble erf = erf(z);
      DoubleDouble share = DoubleDouble.ONE.plus(x < 0 ? erf.negated() : erf);
      return Exact.normal(share.scaled(-1).times(x), 0);
    }
    if (x > 0) {
      return Exact.normal(z.hi() > 30 ? DoubleDouble.of(x) : erf(z).plus(1).scaled(-1).times(x), 0);
    }
    // −x²/2 is exact, which the square of x/√2 would not be.
    Exponential e = Exact.exponential(DoubleDouble.product(x, x).negated().scaled(-1));
    return Exact.normal(tail(z).times(e.mantissa()).scaled(-1).times(x), e.exponent());
  }
}
