package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Ssa.Op;

/**
 * The transcendental functions, as instructions in the loop that uses them: range reduction and a
 * polynomial. Calls of shared methods would be slower, as the JIT stops inlining after a few, and
 * the same arithmetic in every loop and tail means the same bits.
 *
 * <p>The polynomials for 32 bits and the rational function of tanh for 64 are those of the Cephes
 * library (S. L. Moshier); exp and log for 64 bits are truncated series, long enough that what is
 * cut off is below the last place.
 */
final class VectorMath extends MathCode {
  private static final double TANH_SWITCH = 0.625; // Cephes' switch between the two forms

  private static final double[] EXP_F32 = {
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1
  };
  private static final double[] LOG_F32 = {
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1
  };
  private static final double[] TANH_F32 = {
    -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1
  };
  private static final double[] TANH_P_F64 = {
    -9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3
  };
  private static final double[] TANH_Q_F64 = {
    1, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3
  };

  VectorMath(Ssa ssa) {
    super(ssa);
  }

  /**
   * {@return the number whose addition rounds a small one to an integer: 1.5 · 2^(mantissa bits)}
   */
  static double roundingBias(DType dtype) {
    return dtype == DType.F32 ? 0x1.8p23 : 0x1.8p52;
  }

  int sign(int x) {
    int negative = ssa.blend(ssa.emit(Op.LT, x, c(0)), c(-1), x); // keeps ±0 and NaN
    return ssa.blend(ssa.emit(Op.GT, x, c(0)), c(1), negative);
  }

  /** eˣ = 2ⁿ · (1 + fraction): the integer n and the fraction as values. */
  record Exponential(int n, int fraction) {}

  /**
   * {@return eˣ in parts, with n = round(x / ln 2), so that the rest's size is at most ln 2 / 2}
   *
   * @param x the exponent
   * @param low what of the exponent is too small to have a place in {@code x}; the constant 0 if
   *     there is nothing
   */
  Exponential exponential(int x, int low) {
    int n = nearest(x, 1 / Math.log(2));
    // ln 2 in two parts, the first short enough that n times it is exact.
    double high = single ? 0.693359375 : 0x1.62e42feep-1;
    double rest = single ? -2.12194440e-4 : 1.90821492927058770002e-10;
    int r = fma(n, c(-rest), fma(n, c(-high), x));
    r = low == c(0) ? r : add(r, low);
    int p = single ? polynomial(r, EXP_F32) : polynomial(r, inverseFactorials(13));
    return new Exponential(n, fma(p, mul(r, r), r));
  }

  /**
   * {@return y · 2ⁿ} The power is in two factors: results near both ends of the range need an n
   * that has no power of its own.
   */
  int scale(int y, int n) {
    int half = nearest(n, 0.5);
    return mul(mul(y, power(half)), power(sub(n, half)));
  }

  /** {@return 2ⁿ of an integer for which it is a normal number} */
  int power(int n) {
    return ssa.emit(Op.POW2, add(n, c(roundingBias(ssa.dtype()))));
  }

  /** {@return y where x is so that eˣ neither over- nor underflows, else ∞ or 0} */
  private int inRange(int x, int y) {
    y = choose(gt(x, c(88.73, 709.79)), c(Double.POSITIVE_INFINITY), y);
    return choose(lt(x, c(-104, -745.2)), c(0), y);
  }

  int exp(int x) {
    Exponential e = exponential(x, c(0));
    return inRange(x, scale(add(e.fraction, c(1)), e.n));
  }

  /** {@return {@code factor · e^(x + low)}, rounded to a subnormal number only once} */
  int scaledExp(int factor, int x, int low) {
    Exponential e = exponential(x, low);
    return inRange(x, scale(fma(factor, e.fraction, factor), e.n));
  }

  int exp2(int x) {
    int n = nearest(x);
    Exponential e = exponential(mul(sub(x, n), c(Math.log(2))), c(0));
    int y = scale(add(e.fraction, c(1)), add(n, e.n));
    y = choose(gt(x, c(128, 1024)), c(Double.POSITIVE_INFINITY), y);
    return choose(lt(x, c(-151, -1076)), c(0), y);
  }

  /** With 2ⁿ = a · b: 2ⁿ · (1 + fraction) − 1 = (a · fraction + (a − 1/b)) · b. */
  int expm1(int x) {
    Exponential e = exponential(x, c(0));
    int half = nearest(e.n, 0.5);
    int rest = sub(e.n, half);
    int a = power(half);
    int y = mul(fma(a, e.fraction, sub(a, power(neg(rest)))), power(rest));
    y = choose(gt(x, c(88.73, 709.79)), c(Double.POSITIVE_INFINITY), y);
    y = choose(lt(x, c(-104, -745.2)), c(-1), y);
    return copySign(y, x); // keeps −0
  }

  /** 1/n! down to 1/2!: the series of (eʳ − 1 − r) / r². */
  private static double[] inverseFactorials(int n) {
    double[] coefficients = new double[n - 1];
    double factorial = 1;
    for (int i = 2; i <= n; i++) {
      factorial *= i;
      coefficients[n - i] = 1 / factorial;
    }
    return coefficients;
  }

  /** A positive number x = (1 + m) · 2ᵉ, with 1 + m in [√½, √2): e and m as values. */
  record Split(int e, int m) {}

  Split split(int x) {
    double smallest = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    double scale = single ? 0x1p25 : 0x1p54;
    int subnormal = lt(x, c(smallest));
    int normal = choose(subnormal, mul(x, c(scale)), x);
    int e = ssa.emit(Op.LOG_EXPONENT, normal);
    e = sub(e, choose(subnormal, c(Math.getExponent(scale)), c(0)));
    return new Split(e, sub(ssa.emit(Op.LOG_MANTISSA, normal), c(1)));
  }

  /** {@return the logarithm y of 1 + x, or what it is instead at −1, below it, at ∞ and NaN} */
  private int logOrSpecial(int x, double zero, int y) {
    y = choose(eq(x, c(zero)), c(Double.NEGATIVE_INFINITY), y);
    y = choose(lt(x, c(zero)), c(Double.NaN), y);
    int infinity = c(Double.POSITIVE_INFINITY);
    y = choose(eq(x, infinity), infinity, y);
    return choose(isNan(x), x, y);
  }

  int log(int x) {
    Split s = split(x);
    return logOrSpecial(x, 0, logOfParts(s.m, s.e));
  }

  int log2(int x) {
    Split s = split(x);
    return logOrSpecial(x, 0, fma(logOfParts(s.m, c(0)), c(1 / Math.log(2)), s.e));
  }

  int log10(int x) {
    Split s = split(x);
    // log10 2 in two parts, the first short enough that e times it is exact.
    int high = c(0x1.344p-2, 0x1.34413509ep-2);
    int low = c(4.605038981195214e-06, 5.371644767466998e-12);
    int rest = fma(logOfParts(s.m, c(0)), c(1 / Math.log(10)), mul(s.e, low));
    return logOrSpecial(x, 0, fma(s.e, high, rest));
  }

  int log1p(int x) {
    return copySign(logOrSpecial(x, -1, log1p(x, c(0))), x); // keeps −0
  }

  /** {@return log(1 + x) + doublings · ln 2 of a number above −1}; at ∞ it is not defined */
  int log1p(int x, int doublings) {
    // 1 + x with its rounding error (Knuth's two-sum), which counts where the sum is near 1.
    int u = add(c(1), x);
    int back = sub(u, c(1));
    int error = add(sub(c(1), sub(u, back)), sub(x, back));
    int e = ssa.emit(Op.LOG_EXPONENT, u);
    int mantissa = ssa.emit(Op.LOG_MANTISSA, u);
    int m = fma(error, div(mantissa, u), sub(mantissa, c(1)));
    return logOfParts(m, add(e, doublings));
  }

  /** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|). */
  int softplus(int x) {
    int z = exp(neg(abs(x)));
    return add(ssa.emit(Op.MAX, x, c(0)), log1p(z, c(0)));
  }

  /** {@return log(1 + m) + e · ln 2} */
  private int logOfParts(int m, int e) {
    return single ? logSingle(m, e) : logDouble(m, e);
  }

  private int logSingle(int m, int e) {
    int z = ssa.mul(m, m);
    int y = ssa.mul(ssa.mul(polynomial(m, LOG_F32), m), z);
    y = ssa.fma(e, c(-2.12194440e-4), y);
    y = ssa.fma(z, c(-0.5), y);
    return ssa.fma(e, c(0.693359375), ssa.add(m, y));
  }

  /** log(1 + m) = m − m²/2 + s · (m²/2 + R(s²)) with s = m / (2 + m), as in Sun's fdlibm. */
  private int logDouble(int m, int e) {
    int s = ssa.div(m, ssa.add(m, c(2)));
    int z = ssa.mul(s, s);
    double[] series = new double[11];
    for (int i = 0; i < series.length; i++) {
      series[series.length - 1 - i] = 2.0 / (2 * i + 3); // 2/3, 2/5, … from the last
    }
    int rest = ssa.mul(z, polynomial(z, series));
    int half = ssa.mul(ssa.mul(m, m), c(0.5));
    int high = c(0x1.62e42feep-1);
    int low = c(1.90821492927058770002e-10);
    int small = ssa.fma(s, ssa.add(half, rest), ssa.mul(e, low));
    return ssa.fma(e, high, ssa.sub(m, ssa.sub(half, small)));
  }

  int tanh(int x) {
    int size = abs(x);
    int z = mul(x, x);
    int q =
        single
            ? polynomial(z, TANH_F32)
            : div(polynomial(z, TANH_P_F64), polynomial(z, TANH_Q_F64));
    int near = fma(mul(z, q), size, size);
    int e = exp(add(size, size));
    int far = sub(c(1), div(c(2), add(e, c(1))));
    return copySign(choose(lt(size, c(TANH_SWITCH)), near, far), x);
  }

  /** With z = e^−|x|, which can not overflow: 1 / (1 + z), or z / (1 + z) below 0. */
  int sigmoid(int x) {
    int z = exp(ssa.emit(Op.NEG, ssa.emit(Op.ABS, x)));
    int top = ssa.blend(ssa.emit(Op.LT, x, c(0)), z, c(1));
    return ssa.div(top, ssa.add(z, c(1)));
  }

  /** As {@link #sigmoid}; e^(x/2) twice, so that far below 0 no factor is subnormal. */
  int silu(int x) {
    int h = exp(ssa.mul(ssa.emit(Op.ABS, x), c(-0.5)));
    int below = ssa.mul(ssa.mul(x, h), h);
    int top = ssa.blend(ssa.emit(Op.LT, x, c(0)), below, x);
    int y = ssa.div(top, ssa.fma(h, h, c(1)));
    return ssa.blend(ssa.emit(Op.EQ, x, c(Double.NEGATIVE_INFINITY)), c(-0.0), y);
  }
}
