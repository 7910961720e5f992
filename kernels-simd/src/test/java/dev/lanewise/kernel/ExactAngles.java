package dev.lanewise.kernel;

import java.math.BigDecimal;
import java.math.BigInteger;

/** {@link Exact} values of trigonometric functions and their inverses. */
final class ExactAngles {
  private static final int BITS = 1344;

  /** 2/π · 2^1344: enough bits for the largest double. */
  private static final BigInteger TWO_OVER_PI =
      new BigInteger(
          "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1"
              + "921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff8"
              + "97ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a52"
              + "92ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc209af4361da9e391615ee61b08",
          16);

  private static final DoubleDouble HALF_PI =
      new DoubleDouble(1.5707963267948966, 6.123233995736766e-17);

  private static final DoubleDouble PI = HALF_PI.scaled(1);

  private ExactAngles() {}

  static Exact of(UnaryOp op, double x) {
    boolean small = Math.abs(x) < 0x1p-60;
    return switch (op) {
      case SIN, TAN, ASIN, ATAN ->
          small ? Exact.normal(DoubleDouble.of(Math.scalb(x, 200)), -200) : ofLarger(op, x);
      case COS, ACOS -> ofLarger(op, x);
      default -> throw new IllegalArgumentException(op + " is none of these");
    };
  }

  private static Exact ofLarger(UnaryOp op, double x) {
    DoubleDouble other = DoubleDouble.sum(1, -x).times(DoubleDouble.sum(1, x));
    return switch (op) {
      case SIN -> Exact.normal(circle(x, 0).sine, 0);
      case COS -> Exact.normal(circle(x, 1).sine, 0);
      case TAN -> Exact.normal(circle(x, 0).sine.over(circle(x, 1).sine), 0);
      // Far out the rest of the right angle is below the last of all bits.
      case ATAN ->
          Exact.normal(
              angle(DoubleDouble.of(Math.clamp(x, -0x1p120, 0x1p120)), DoubleDouble.ONE), 0);
      case ASIN -> Exact.normal(angle(DoubleDouble.of(x), root(other)), 0);
      case ACOS -> Exact.normal(angle(root(other), DoubleDouble.of(x)), 0);
      default -> throw new IllegalArgumentException(op + " is none of these");
    };
  }

  private static DoubleDouble root(DoubleDouble x) {
    return x.hi() == 0 ? x : x.root();
  }

  private record Circle(DoubleDouble sine, DoubleDouble cosine) {}

  /** {@return sine and cosine of an angle from −π/4 to π/4} */
  private static Circle near(DoubleDouble r) {
    DoubleDouble square = r.times(r).negated();
    DoubleDouble sine = DoubleDouble.ONE;
    DoubleDouble cosine = DoubleDouble.ONE;
    for (int n = 28; n >= 2; n -= 2) {
      cosine = cosine.times(square).over(DoubleDouble.of(n * (n - 1.0))).plus(1);
      sine = sine.times(square).over(DoubleDouble.of(n * (n + 1.0))).plus(1);
    }
    return new Circle(sine.times(r), cosine);
  }

  /** {@return sine and cosine of {@code x + quarters · π/2}} */
  private static Circle circle(double x, int quarters) {
    int shift = BITS - (Math.getExponent(x) - 52);
    long mantissa = Double.doubleToRawLongBits(Math.scalb(x, -Math.getExponent(x))) & -1L >>> 12;
    BigInteger turns = TWO_OVER_PI.multiply(BigInteger.valueOf(mantissa | 1L << 52));
    if (x < 0) {
      turns = turns.negate();
    }
    BigInteger whole = turns.add(BigInteger.ONE.shiftLeft(shift - 1)).shiftRight(shift);
    BigInteger rest = turns.subtract(whole.shiftLeft(shift));
    // The leading bits of what is left, as a sum of two doubles.
    int drop = Math.max(0, rest.bitLength() - 120);
    BigInteger top = rest.shiftRight(drop);
    double high = top.doubleValue();
    double low = top.subtract(new BigDecimal(high).toBigInteger()).doubleValue();
    Circle c = near(new DoubleDouble(high, low).scaled(drop - shift).times(HALF_PI));
    return switch (Math.floorMod(whole.intValue() + quarters, 4)) {
      case 0 -> c;
      case 1 -> new Circle(c.cosine, c.sine.negated());
      case 2 -> new Circle(c.sine.negated(), c.cosine.negated());
      default -> new Circle(c.cosine.negated(), c.sine);
    };
  }

  /** {@return the angle of a point} A double's first, then the part by which it misses. */
  private static DoubleDouble angle(DoubleDouble y, DoubleDouble x) {
    double first = StrictMath.atan2(y.hi(), x.hi());
    if (first == 0) {
      return DoubleDouble.of(first);
    }
    Circle c = circle(first, 0);
    DoubleDouble across = y.times(c.cosine).minus(x.times(c.sine));
    DoubleDouble along = x.times(c.cosine).plus(y.times(c.sine));
    return across.over(along).plus(first);
  }

  static Exact atan2(double y, double x) {
    if (y == 0) {
      // The other angles of such points are 0.
      return Exact.normal(Math.copySign(1, y) < 0 ? PI.negated() : PI, 0);
    }
    double infinite = Math.max(Math.abs(y), Math.abs(x));
    if (infinite == Double.POSITIVE_INFINITY) {
      y = Double.isInfinite(y) ? Math.signum(y) : Math.copySign(0, y);
      x = Double.isInfinite(x) ? Math.signum(x) : Math.copySign(0, x);
    }
    // Scaled so that the larger is near 1; a very small angle is the quotient.
    int scale = -Math.getExponent(Math.max(Math.abs(y), Math.abs(x)));
    double ys = Math.scalb(Math.scalb(y, scale / 2), scale - scale / 2);
    double xs = Math.scalb(Math.scalb(x, scale / 2), scale - scale / 2);
    if (x > 0 && Math.abs(y) < Math.scalb(x, -60) || x > 0 && ys == 0) {
      int up = Math.getExponent(y) < -1022 ? 60 : 0;
      double ym = Math.scalb(y, up);
      int ye = Math.getExponent(ym);
      DoubleDouble quotient =
          DoubleDouble.of(Math.scalb(ym, -ye)).over(DoubleDouble.of(mantissa(x)));
      return Exact.normal(quotient, ye - up - exponent(x));
    }
    return Exact.normal(angle(DoubleDouble.of(ys), DoubleDouble.of(xs)), 0);
  }

  private static int exponent(double x) {
    return Math.getExponent(x) < -1022 ? Math.getExponent(x * 0x1p60) - 60 : Math.getExponent(x);
  }

  private static double mantissa(double x) {
    int e = exponent(x);
    return Math.scalb(Math.scalb(x, -e / 2), -e + e / 2);
  }
}
