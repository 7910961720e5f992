package dev.lanewise.bench.report;

/**
 * A logarithmic axis of a picture.
 *
 * @param low the value at its beginning
 * @param high the value at its end
 * @param from where it begins, in pixels
 * @param to where it ends
 */
record LogScale(double low, double high, double from, double to) {
  /** {@return the pixel of a value; values beyond the ends are put there} */
  double at(double value) {
    double share = Math.log(value / low) / Math.log(high / low);
    return from + Math.clamp(share, 0, 1) * (to - from);
  }

  /** {@return whether a value lies between the ends} */
  boolean holds(double value) {
    return value >= low && value <= high;
  }
}
