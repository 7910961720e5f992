package dev.lanewise.cuda.simt;

/**
 * The error function and its kin to about the last digit of a double: near 0 by the series of
 * powers in twice the digits, so that 1 - erf keeps enough of them; far out by the continued
 * fraction of erfc (both: Abramowitz and Stegun, 7.1.5 and 7.1.14).
 */
final class ErrorFunctions {
  /** Where the fraction takes over. */
  private static final double FAR = 3;

  private static final Wide TWO_OVER_ROOT_PI = new Wide(1.1283791670955126, 1.533545961316588e-17);
  private static final Wide ROOT_HALF = new Wide(0.7071067811865476, -4.833646656726457e-17);

  private ErrorFunctions() {}

  static double erf(double x) {
    double a = Math.abs(x);
    if (a > 7) {
      return Math.signum(x);
    }
    if (a < FAR || Double.isNaN(x)) {
      return a < 1e-150 ? x * TWO_OVER_ROOT_PI.high : Math.copySign(series(Wide.of(a)).high, x);
    }
    return Math.copySign(1 - tail(Wide.of(a)), x);
  }

  static double erfc(double x) {
    return erfc(Wide.of(x));
  }

  private static double erfc(Wide x) {
    if (Double.isNaN(x.high)) {
      return x.high;
    }
    if (x.high < -7) {
      return 2;
    }
    if (x.high <= -FAR) {
      return 2 - tail(x.negative());
    }
    if (x.high < 0) {
      return Wide.of(1).plus(series(x.negative())).high;
    }
    if (x.high < FAR) {
      return Wide.of(1).plus(series(x).negative()).high;
    }
    return tail(x);
  }

  static double erfcx(double x) {
    if (x >= FAR) {
      return fraction(x);
    }
    if (x < -27) {
      return Double.POSITIVE_INFINITY;
    }
    // For negative numbers erfc has all its digits, and so has the product.
    return erfc(x) * exponential(Wide.of(x).times(Wide.of(x)));
  }

  static double normcdf(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return x > 0 ? 1 : x < 0 ? 0 : x;
    }
    return erfc(Wide.of(-x).times(ROOT_HALF)) / 2;
  }

  /**
   * By Winitzki's approximation, then Halley's steps, each of which takes the error to its third
   * power.
   */
  static double erfinv(double y) {
    double a = Math.abs(y);
    if (!(a < 1)) {
      return a == 1 ? y / 0.0 : Double.NaN;
    }
    if (a < 1e-9) {
      return y / TWO_OVER_ROOT_PI.high;
    }
    double log = StrictMath.log1p(-a * a);
    double half = 2 / (Math.PI * 0.147) + log / 2;
    double x = Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
    for (int step = 0; step < 4; step++) {
      // Above one half, 1 - a is exact and erfc has all its digits.
      double error = a > 0.5 ? 1 - a - erfc(x) : erf(x) - a;
      double newton = error / (TWO_OVER_ROOT_PI.high * StrictMath.exp(-x * x));
      x -= newton / (1 + x * newton);
    }
    return Math.copySign(x, y);
  }

  /** erf for 0 to {@link #FAR}. */
  private static Wide series(Wide x) {
    Wide square = x.times(x).negative();
    Wide power = Wide.of(1);
    Wide sum = Wide.of(1);
    for (int n = 1; n < 200; n++) {
      power = power.times(square).over(n);
      sum = sum.plus(power.over(2 * n + 1));
      if (Math.abs(power.high) < 1e-33) {
        break;
      }
    }
    return sum.times(x).times(TWO_OVER_ROOT_PI);
  }

  /**
   * erfc from {@link #FAR} on. The root of the exponential is taken, as the whole may be subnormal.
   */
  private static double tail(Wide x) {
    if (x.high > 30) {
      return 0;
    }
    Wide square = x.times(x).negative();
    double root = exponential(new Wide(square.high / 2, square.low / 2));
    return fraction(x.high) * root * root;
  }

  /** erfc(x) · e^(x²) from {@link #FAR} on. */
  private static double fraction(double x) {
    if (x > 1e9) {
      return TWO_OVER_ROOT_PI.high / 2 / x;
    }
    double rest = x;
    for (int n = 80; n >= 1; n--) {
      rest = x + n / 2.0 / rest;
    }
    return TWO_OVER_ROOT_PI.high / 2 / rest;
  }

  private static double exponential(Wide x) {
    double e = StrictMath.exp(x.high);
    return Double.isInfinite(e) ? e : e + e * x.low;
  }

  /** A number as the sum of two doubles. */
  private record Wide(double high, double low) {
    static Wide of(double x) {
      return new Wide(x, 0);
    }

    Wide negative() {
      return new Wide(-high, -low);
    }

    Wide plus(Wide y) {
      double sum = high + y.high;
      double part = sum - high;
      double rest = high - (sum - part) + (y.high - part) + low + y.low;
      double all = sum + rest;
      return new Wide(all, rest - (all - sum));
    }

    Wide times(Wide y) {
      double product = high * y.high;
      double rest = Math.fma(high, y.high, -product) + high * y.low + low * y.high;
      double all = product + rest;
      return new Wide(all, rest - (all - product));
    }

    Wide over(double y) {
      double quotient = high / y;
      double rest = (Math.fma(-quotient, y, high) + low) / y;
      double all = quotient + rest;
      return new Wide(all, rest - (all - quotient));
    }
  }
}
