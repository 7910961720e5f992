package dev.lanewise.cuda.fake;

/** Greatest numbers where a NaN is not propagated: it loses against any number, as in C's fmax. */
final class Extremes {

  private Extremes() {}

  static double max(double a, double b) {
    if (Double.isNaN(a)) {
      return b;
    }
    return Double.isNaN(b) ? a : Math.max(a, b);
  }
}
