package dev.lanewise.simd;

import dev.lanewise.simd.Ssa.Op;

/**
 * Angles, in instructions. An argument up to about {@link #NEAR} is reduced by multiples of π/2 in
 * three parts (Cody and Waite), so that the products are exact; beyond, a scalar function is
 * called, which reduces with as many bits of π as it takes.
 */
final class Trigonometry extends MathCode {
  private static final double[] NEAR = {1e5, 1e8};

  /** π/2 in three parts, each cut off after as many bits as the type has. */
  private static final double[] PARTS_F32 = {0x1.921fb4p0, 0x1.4442dp-24, 0x1.846988p-48};

  private static final double[] PARTS_F64 = {
    0x1.921fb54442d18p0, 0x1.1a62633145c06p-54, 0x1.c1cd129024e08p-107
  };

  /** Between the centres of three pieces of the arc tangent: tan(π/16) and tan(3π/16). */
  private static final double FIRST_BORDER = 0.19891236737965800;

  private static final double SECOND_BORDER = 0.66817863791929891;

  /** The centre of the piece in the middle, near tan(π/8), with few enough bits. */
  private static final double CENTRE = 0.4140625;

  private final int[] parts;

  Trigonometry(Ssa ssa) {
    super(ssa);
    double[] p = single ? PARTS_F32 : PARTS_F64;
    parts = new int[] {c(-p[0]), c(-p[1]), c(-p[2])};
  }

  /** An angle as n · π/2 + rest, with the sine and cosine of the rest. */
  private record Reduced(int n, int sine, int cosine) {}

  private Reduced reduce(int x) {
    int n = nearest(x, 2 / Math.PI);
    int r = fma(n, parts[2], fma(n, parts[1], fma(n, parts[0], x)));
    int z = mul(r, r);
    int sine = fma(mul(r, z), polynomial(z, series(3, single ? 4 : 8)), r);
    int cosine = fma(mul(z, z), polynomial(z, series(4, single ? 4 : 7)), fma(z, c(-0.5), c(1)));
    return new Reduced(n, sine, cosine);
  }

  /** {@return 1/first!, −1/(first + 2)!, … with the signs of sine and cosine, the last first} */
  private static double[] series(int first, int terms) {
    double[] coefficients = new double[terms];
    double factorial = 1;
    for (int i = 2; i < first + 2 * terms - 1; i++) {
      factorial *= i;
      int k = i - first;
      if (k >= 0 && k % 2 == 0) {
        boolean negative = i / 2 % 2 == 1;
        coefficients[terms - 1 - k / 2] = (negative ? -1 : 1) / factorial;
      }
    }
    return coefficients;
  }

  /** {@return ⌊n / 2⌋ of an integer} */
  private int half(int n) {
    return nearest(fma(n, c(0.5), c(-0.25)));
  }

  /** {@return a mask: whether an integer is odd} */
  private int isOdd(int n) {
    return gt(fma(half(n), c(-2), n), c(0.5));
  }

  private int ifNear(int x, int y) {
    return choose(lt(abs(x), c(NEAR[0], NEAR[1])), y, c(Double.NaN));
  }

  int sin(int x) {
    Reduced r = reduce(x);
    int y = choose(isOdd(r.n), r.cosine, r.sine);
    y = choose(isOdd(half(r.n)), neg(y), y);
    y = choose(eq(x, c(0)), x, y); // keeps −0
    return ssa.emit(Op.SIN_FAR, x, ifNear(x, y));
  }

  /** cos x = sin(x + π/2). */
  int cos(int x) {
    Reduced r = reduce(x);
    int n = add(r.n, c(1));
    int y = choose(isOdd(n), r.cosine, r.sine);
    y = choose(isOdd(half(n)), neg(y), y);
    return ssa.emit(Op.COS_FAR, x, ifNear(x, y));
  }

  int tan(int x) {
    Reduced r = reduce(x);
    int odd = isOdd(r.n);
    int y = div(choose(odd, r.cosine, r.sine), choose(odd, neg(r.sine), r.cosine));
    y = choose(eq(x, c(0)), x, y);
    return ssa.emit(Op.TAN_FAR, x, ifNear(x, y));
  }

  /**
   * The angle from the side x to the hypotenuse, of sides that are not negative and finite. With
   * the shorter side over the longer one, and the nearest of the angles 0, about π/8 and π/4 taken
   * off, t is at most 0.2: atan t = t − t³/3 + t⁵/5 − …
   */
  private int angle(int y, int x) {
    int shorter = ssa.emit(Op.MIN, y, x);
    int longer = ssa.emit(Op.MAX, y, x);
    int second = gt(shorter, mul(longer, c(FIRST_BORDER)));
    int third = gt(shorter, mul(longer, c(SECOND_BORDER)));
    int centre = choose(third, c(1), choose(second, c(CENTRE), c(0)));
    int t = div(fma(neg(centre), longer, shorter), fma(centre, shorter, longer));
    int high =
        choose(
            third,
            c(0.7853981852531433, 0.7853981633974483),
            choose(second, c(0.3925701379776001, 0.3925701350118286), c(0)));
    int low =
        choose(
            third,
            c(-2.18556950009e-8, 3.061616997868383e-17),
            choose(second, c(-2.9657715024907e-9, 1.4769733768267405e-17), c(0)));
    int z = mul(t, t);
    double[] series = new double[single ? 5 : 11];
    for (int i = 0; i < series.length; i++) {
      int k = series.length - i;
      series[i] = (k % 2 == 0 ? 1.0 : -1.0) / (2 * k + 1);
    }
    int angle = add(high, add(t, fma(mul(t, z), polynomial(z, series), low)));
    int rest = sub(c(1.5707963705062866, 1.5707963267948966), angle);
    rest = add(rest, c(-4.371139000186241e-8, 6.123233995736766e-17));
    return choose(gt(y, x), rest, angle);
  }

  int atan(int x) {
    // Far out the angle is π/2 to the last place; an infinity would give a NaN on the way.
    int size = ssa.emit(Op.MIN, abs(x), c(0x1p60));
    return copySign(angle(size, c(1)), x);
  }

  int asin(int x) {
    int size = abs(x);
    int other = sqrt(mul(sub(c(1), size), add(c(1), size)));
    return copySign(angle(size, other), x);
  }

  /** acos x = 2 · atan(√(1 − x) / √(1 + x)). */
  int acos(int x) {
    return mul(c(2), angle(sqrt(sub(c(1), x)), sqrt(add(c(1), x))));
  }

  int atan2(int y, int x) {
    int infinity = c(Double.POSITIVE_INFINITY);
    int high = abs(y);
    int wide = abs(x);
    // With an infinite side the finite one counts for nothing, and two are as long as each other.
    int yInfinite = eq(high, infinity);
    int xInfinite = eq(wide, infinity);
    int one = c(1);
    int zero = c(0);
    int flat = choose(xInfinite, one, choose(yInfinite, zero, wide));
    int steep = choose(yInfinite, one, choose(xInfinite, zero, high));
    // Sums of the sides must not overflow, nor lose the digits of subnormal numbers.
    int longer = ssa.emit(Op.MAX, flat, steep);
    int scale =
        choose(
            gt(longer, c(0x1p100, 0x1p1000)),
            c(0x1p-30),
            choose(lt(longer, c(0x1p-100, 0x1p-960)), c(0x1p60), one));
    int angle = angle(mul(steep, scale), mul(flat, scale));
    angle = choose(eq(longer, zero), zero, angle);
    int left = lt(copySign(one, x), zero);
    int beyond = sub(c(3.1415927410125732, Math.PI), angle);
    beyond = add(beyond, c(-8.742278000372482e-8, 1.2246467991473532e-16));
    int result = copySign(choose(left, beyond, angle), y);
    result = choose(isNan(x), x, result);
    return choose(isNan(y), y, result);
  }
}
