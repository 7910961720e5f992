package dev.lanewise.kernel;

/**
 * Pairs of normal numbers, made of pairs of uniform ones (Box and Muller, "A Note on the Generation
 * of Random Normal Deviates", 1958): {@code √(−2 · log(1 − u)) · cos(2π · v)}, and the same with
 * the sine.
 *
 * <p>The functions are written out in operations that IEEE 754 defines to the last bit, fused
 * multiplication and addition among them, so that every machine and every backend that follows them
 * gets the same numbers. What the series leave out is below half a unit of the last place.
 */
public final class BoxMuller {
  /** The natural logarithm of 2. */
  public static final double LN_2 = 0x1.62e42fefa39efp-1;

  private static final long SQRT_HALF = Double.doubleToRawLongBits(Math.sqrt(0.5));

  private static final double[] LOGARITHM = logarithmSeries();
  private static final double[] COSINE = cosineSeries();
  private static final double[] SINE = sineSeries();

  private BoxMuller() {}

  /**
   * {@return the coefficients of p, that of the highest power first, in {@code log(1 + m) = 2s + s
   * · z · p(z)} with {@code s = m / (m + 2)} and {@code z = s²}, for 1 + m from √½ to √2}
   */
  public static double[] logarithmSeries() {
    double[] p = new double[9];
    for (int i = 0; i < p.length; i++) {
      p[p.length - 1 - i] = 2.0 / (2 * i + 3);
    }
    return p;
  }

  /**
   * {@return the coefficients of p, that of the highest power first, in {@code cos a = 1 − z/2 + z²
   * · p(z)} with {@code z = a²}, for angles up to π/4}
   */
  public static double[] cosineSeries() {
    return inverseFactorials(4, 7, 1);
  }

  /**
   * {@return the coefficients of p, that of the highest power first, in {@code sin a = a + a · z ·
   * p(z)} with {@code z = a²}, for angles up to π/4}
   */
  public static double[] sineSeries() {
    return inverseFactorials(3, 8, -1);
  }

  /** {@return ±1/first!, ∓1/(first + 2)!, …, the last first; doubles hold these factorials} */
  private static double[] inverseFactorials(int first, int terms, int sign) {
    double[] p = new double[terms];
    double factorial = 1;
    for (int n = 2; n < first + 2 * terms - 1; n++) {
      factorial *= n;
      int i = (n - first) / 2;
      if (n >= first && (n - first) % 2 == 0) {
        p[terms - 1 - i] = (i % 2 == 0 ? sign : -sign) / factorial;
      }
    }
    return p;
  }

  /** {@return how far two normal numbers are from 0, from a uniform one} */
  static double radius(double u) {
    double x = 1 - u; // in (0, 1]: its logarithm is finite
    // x = (1 + m) · 2ᵉ with 1 + m from √½ to √2
    long bits = Double.doubleToRawLongBits(x);
    long e = (bits - SQRT_HALF) >> 52;
    double m = Double.longBitsToDouble(bits - (e << 52)) - 1;
    double s = m / (m + 2);
    double z = s * s;
    double log = Math.fma(e, LN_2, Math.fma(s * z, polynomial(z, LOGARITHM), s + s));
    return Math.sqrt(-2 * log);
  }

  /** {@return the cosine of a random angle, from a uniform number, or its sine} */
  static double direction(double v, boolean isSine) {
    // Half a turn less changes both signs and centres the angle. What is left of it without its
    // quarters, from −2 to 2, is exact, and at most an eighth of a turn.
    double turn = v - 0.5;
    double quarters = Math.rint(4 * turn);
    double angle = Math.fma(quarters, -0.25, turn) * (2 * Math.PI);
    double z = angle * angle;
    double cosine = Math.fma(z * z, polynomial(z, COSINE), Math.fma(z, -0.5, 1));
    double sine = Math.fma(angle * z, polynomial(z, SINE), angle);
    // Each of these is −1, 0 or 1, and one of them is 0.
    double toCosine = Math.abs(quarters) - 1;
    double toSine = quarters * (Math.abs(quarters) - 2);
    return isSine
        ? Math.fma(toCosine, sine, toSine * cosine)
        : Math.fma(toCosine, cosine, -toSine * sine);
  }

  /** Horner's rule. */
  private static double polynomial(double x, double[] coefficients) {
    double p = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      p = Math.fma(p, x, coefficients[i]);
    }
    return p;
  }
}
