package dev.lanewise.nn.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The numbers along an axis in units of a power of ten, so that none of them is very large or
 * small: XChart rounds the places of its ticks to ten digits after the point, and seeks round
 * numbers for ever where that makes them 0.
 *
 * @param axis the axis
 * @param power the power of ten
 */
record Scale(Axis axis, int power) {
  private static final int DIGITS = 10;

  /** From here on, numbers are written with an exponent. */
  private static final int LARGE = 6;

  private static final int SMALL = -5;

  static Scale of(Axis axis) {
    double most = Math.max(Math.abs(axis.span().from()), Math.abs(axis.span().to()));
    return new Scale(axis, most >= 0.1 && most < 1e6 ? 0 : (int) Math.floor(Math.log10(most)));
  }

  double from() {
    return axis.span().from() / Math.pow(10, power);
  }

  double to() {
    return axis.span().to() / Math.pow(10, power);
  }

  /** {@return a value in units; NaN for what has no place} */
  double scaled(double value) {
    return Span.shows(value) ? value / Math.pow(10, power) : Double.NaN;
  }

  /** {@return values in units} */
  double[] scaled(double[] values) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = scaled(values[i]);
    }
    return all;
  }

  /** {@return what stands beside a tick} */
  String label(double tick) {
    BigDecimal value =
        BigDecimal.valueOf(tick)
            .setScale(DIGITS, RoundingMode.HALF_UP)
            .scaleByPowerOfTen(power)
            .stripTrailingZeros();
    if (axis.ticks() == Axis.Ticks.COUNTS && value.scale() > 0) {
      // Were both ends of the axis the same words, XChart would give up.
      return value.doubleValue() * 2 < axis.span().from() + axis.span().to() ? " " : "  ";
    }
    int exponent = value.precision() - value.scale() - 1;
    if (value.signum() == 0 || (exponent < LARGE && exponent > SMALL)) {
      return value.toPlainString();
    }
    return value.movePointLeft(exponent).toPlainString() + "e" + exponent;
  }
}
