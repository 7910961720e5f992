package dev.lanewise.cuda.simt;

/** Functions of CUDA that Java does not have, or has in another way. */
final class SpecialFunctions {
  private static final double LN2 = StrictMath.log(2);

  /** From here on an addition of 1 to the square is lost. */
  private static final double LARGE = 0x1p30;

  private SpecialFunctions() {}

  static double exp2(double x) {
    return StrictMath.pow(2, x);
  }

  /** Exact for powers of 2. */
  static double log2(double x) {
    if (!(x > 0) || Double.isInfinite(x)) {
      return StrictMath.log(x);
    }
    double scaled = x < Double.MIN_NORMAL ? x * 0x1p60 : x;
    int exponent = Math.getExponent(scaled);
    double mantissa = Math.scalb(scaled, -exponent);
    // Near 1 on both sides, so that the sum does not cancel.
    if (mantissa > 1.5) {
      mantissa /= 2;
      exponent++;
    }
    return exponent - (x < Double.MIN_NORMAL ? 60 : 0) + StrictMath.log(mantissa) / LN2;
  }

  /** C's: 1 to any power is 1, and so is -1 to an infinite one. */
  static double pow(double x, double y) {
    if (x == 1 || x == -1 && Double.isInfinite(y)) {
      return 1;
    }
    return StrictMath.pow(x, y);
  }

  /** The sign of a NaN counts, as {@link Math#copySign} does not promise. */
  static double copysign(double size, double sign) {
    return StrictMath.copySign(size, Double.doubleToRawLongBits(sign) < 0 ? -1.0 : 1.0);
  }

  static double sinpi(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Double.NaN;
    }
    double r = Math.abs(x) % 2;
    double sign = Math.copySign(1, x);
    if (r >= 1) {
      r -= 1;
      sign = -sign;
    }
    if (r == 0) {
      return Math.copySign(0.0, x);
    }
    if (r > 0.5) {
      r = 1 - r;
    }
    return sign * (r > 0.25 ? StrictMath.cos(Math.PI * (0.5 - r)) : StrictMath.sin(Math.PI * r));
  }

  static double cospi(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Double.NaN;
    }
    double r = Math.abs(x) % 2;
    if (r > 1) {
      r = 2 - r;
    }
    double sign = 1;
    if (r > 0.5) {
      r = 1 - r;
      sign = -1;
    }
    if (r == 0.5) {
      return 0.0;
    }
    return sign * (r > 0.25 ? StrictMath.sin(Math.PI * (0.5 - r)) : StrictMath.cos(Math.PI * r));
  }

  static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > LARGE
            ? StrictMath.log(a) + LN2
            : StrictMath.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
    return Math.copySign(y, x);
  }

  static double acosh(double x) {
    if (x < 1) {
      return Double.NaN;
    }
    double t = x - 1;
    return x > LARGE ? StrictMath.log(x) + LN2 : StrictMath.log1p(t + Math.sqrt(t * (t + 2)));
  }

  static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(StrictMath.log1p(2 * a / (1 - a)) / 2, x);
  }
}
