package dev.lanewise.kernel;

/** Scalar functions that {@link Math} does not have: what the lines of the op lists mean. */
final class ScalarFunctions {
  private static final double LN2 = Math.log(2);

  /** From here on an addition of 1 is lost. */
  private static final double HUGE = 0x1p55;

  /** 2/√π to twice the digits of a double. */
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;

  private static final double TWO_OVER_ROOT_PI_LOW = 1.533545961316588e-17;

  /** The factors of x, x³, x⁵ and so on in the series of √π/2 · erf(x). */
  private static final double[] ERF_SERIES = new double[20];

  static {
    double factor = 1;
    for (int n = 0; n < ERF_SERIES.length; n++) {
      ERF_SERIES[n] = factor / (2 * n + 1);
      factor /= -(n + 1);
    }
  }

  private ScalarFunctions() {}

  static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    // exp(-x) overflows below -709, where the result is still a number.
    double e = Math.exp(x);
    return e / (1 + e);
  }

  static double silu(double x) {
    if (x == Double.NEGATIVE_INFINITY) {
      return -0.0; // the limit, not the NaN of −∞ · 0
    }
    if (x < -700) {
      // 1 + exp(x) is 1, and exp(x) may be too small to have all its bits; its root has them.
      double root = Math.exp(x / 2);
      return x * root * root;
    }
    return x * sigmoid(x);
  }

  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  static double exp2(double x) {
    return Math.pow(2, x);
  }

  /** Exact for powers of 2. */
  static double log2(double x) {
    if (!(x > 0) || Double.isInfinite(x)) {
      return Math.log(x);
    }
    int e = Math.getExponent(x * (x < Double.MIN_NORMAL ? 0x1p60 : 1));
    e -= x < Double.MIN_NORMAL ? 60 : 0;
    double m = x * (e < -1000 ? 0x1p60 : 1);
    m = Math.scalb(m, -e - (e < -1000 ? 60 : 0));
    if (m > Math.sqrt(2)) {
      m /= 2;
      e++;
    }
    return e + Math.log(m) / LN2;
  }

  static double asinh(double x) {
    double a = Math.abs(x);
    double y = a > HUGE ? Math.log(a) + LN2 : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
    return Math.copySign(y, x);
  }

  static double acosh(double x) {
    double t = x - 1;
    return x < 1
        ? Double.NaN
        : x > HUGE ? Math.log(x) + LN2 : Math.log1p(t + Math.sqrt(t * (t + 2)));
  }

  static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(Math.log1p(2 * a / (1 - a)) / 2, x);
  }

  static double erf(double x) {
    double a = Math.abs(x);
    if (a > 0.5) {
      return Math.copySign(1 - scaledErfc(a) * Math.exp(-a * a), x);
    }
    double square = x * x;
    double rest = 0;
    for (int n = ERF_SERIES.length - 1; n >= 1; n--) {
      rest = Math.fma(rest, square, ERF_SERIES[n]);
    }
    rest *= square * x;
    double all =
        Math.fma(TWO_OVER_ROOT_PI, x, Math.fma(TWO_OVER_ROOT_PI, rest, TWO_OVER_ROOT_PI_LOW * x));
    return Math.copySign(all, x);
  }

  /**
   * {@return erfc(z) · e^(z²)} By the continued fraction 1/(z + ½/(z + 1/(z + ³⁄₂/(z + …)))) / √π.
   */
  private static double scaledErfc(double z) {
    double fraction = z;
    for (int n = (int) (200 / (z * z)) + 30; n >= 1; n--) {
      fraction = z + n / 2.0 / fraction;
    }
    return 1 / fraction / Math.sqrt(Math.PI);
  }

  /** x · Φ(x), Φ being the distribution function of the normal distribution. */
  static double gelu(double x) {
    double z = Math.abs(x) * Math.sqrt(0.5);
    if (z <= 0.5) {
      return x * (0.5 + erf(x * Math.sqrt(0.5)) / 2);
    }
    if (z > 40) {
      return x > 0 ? x : Double.isNaN(x) ? x : -0.0;
    }
    // The exponent −x²/2 to more digits than a double has, and in two steps: neither is subnormal.
    double square = x * x;
    double low = Math.fma(x, x, -square);
    double root = Math.exp(-square / 4);
    double tail = Math.abs(x) / 2 * scaledErfc(z) * (1 - low / 2) * root * root;
    return x > 0 ? x - tail : -tail;
  }

  static double rsqrt(double x) {
    return 1 / Math.sqrt(x);
  }

  static double trunc(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  /** A quotient of integers: 0 by 0, so that there is one, whatever the processor does. */
  static long quotient(long x, long y) {
    return y == 0 ? 0 : x / y;
  }

  static long remainder(long x, long y) {
    return y == 0 ? x : x % y;
  }

  static double truth(boolean condition) {
    return condition ? 1 : 0;
  }
}
