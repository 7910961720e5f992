package dev.lanewise.kernel;

/**
 * A number with about 106 bits, as the sum of two doubles (Dekker, "A Floating-Point Technique for
 * Extending the Available Precision", 1971; the products with FMA).
 *
 * @param hi the nearest double
 * @param lo the rest
 */
record DoubleDouble(double hi, double lo) {
  static final DoubleDouble ONE = of(1);

  static DoubleDouble of(double x) {
    return new DoubleDouble(x, 0);
  }

  /** {@return a sum in which {@code |big| >= |small|}} */
  private static DoubleDouble normal(double big, double small) {
    double sum = big + small;
    return new DoubleDouble(sum, small - (sum - big));
  }

  /** {@return the exact sum of two doubles} */
  static DoubleDouble sum(double x, double y) {
    double sum = x + y;
    double ofY = sum - x;
    return new DoubleDouble(sum, (x - (sum - ofY)) + (y - ofY));
  }

  /** {@return the exact product of two doubles} */
  static DoubleDouble product(double x, double y) {
    double product = x * y;
    return new DoubleDouble(product, Math.fma(x, y, -product));
  }

  DoubleDouble plus(DoubleDouble y) {
    DoubleDouble high = sum(hi, y.hi);
    DoubleDouble low = sum(lo, y.lo);
    DoubleDouble carried = normal(high.hi, high.lo + low.hi);
    return normal(carried.hi, carried.lo + low.lo);
  }

  DoubleDouble plus(double y) {
    return plus(of(y));
  }

  DoubleDouble minus(DoubleDouble y) {
    return plus(new DoubleDouble(-y.hi, -y.lo));
  }

  DoubleDouble times(DoubleDouble y) {
    DoubleDouble p = product(hi, y.hi);
    return normal(p.hi, p.lo + (hi * y.lo + lo * y.hi));
  }

  DoubleDouble times(double y) {
    return times(of(y));
  }

  DoubleDouble over(DoubleDouble y) {
    double first = hi / y.hi;
    DoubleDouble rest = minus(y.times(first));
    double second = rest.hi / y.hi;
    DoubleDouble rest2 = rest.minus(y.times(second));
    return sum(first, second).plus(rest2.hi / y.hi);
  }

  /** {@return this times a power of 2, exact as long as nothing over- or underflows} */
  DoubleDouble scaled(int exponent) {
    return new DoubleDouble(Math.scalb(hi, exponent), Math.scalb(lo, exponent));
  }

  DoubleDouble negated() {
    return new DoubleDouble(-hi, -lo);
  }

  /** {@return the square root of a positive number, by one step of Newton's method} */
  DoubleDouble root() {
    double first = Math.sqrt(hi);
    return of(first).plus(minus(product(first, first)).hi / (2 * first));
  }
}
