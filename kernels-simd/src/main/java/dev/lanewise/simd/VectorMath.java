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
final class VectorMath {
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

  private final Ssa ssa;
  private final boolean single;

  VectorMath(Ssa ssa) {
    this.ssa = ssa;
    this.single = ssa.dtype() == DType.F32;
  }

  /**
   * {@return the number whose addition rounds a small one to an integer: 1.5 · 2^(mantissa bits)}
   */
  static double roundingBias(DType dtype) {
    return dtype == DType.F32 ? 0x1.8p23 : 0x1.8p52;
  }

  private int c(double value) {
    return ssa.constant(value);
  }

  private int polynomial(int x, double... coefficients) {
    int p = c(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      p = ssa.fma(p, x, c(coefficients[i]));
    }
    return p;
  }

  int sign(int x) {
    int negative = ssa.blend(ssa.emit(Op.LT, x, c(0)), c(-1), x); // keeps ±0 and NaN
    return ssa.blend(ssa.emit(Op.GT, x, c(0)), c(1), negative);
  }

  /** eˣ = 2ⁿ · e^r with n = round(x / ln 2), so |r| ≤ ln 2 / 2. */
  int exp(int x) {
    int bias = c(roundingBias(ssa.dtype()));
    int n = ssa.sub(ssa.fma(x, c(1 / Math.log(2)), bias), bias);
    // ln 2 in two parts, the first short enough that n times it is exact.
    double high = single ? 0.693359375 : 0x1.62e42feep-1;
    double low = single ? -2.12194440e-4 : 1.90821492927058770002e-10;
    int r = ssa.fma(n, c(-low), ssa.fma(n, c(-high), x));
    int p = single ? polynomial(r, EXP_F32) : polynomial(r, inverseFactorials(13));
    p = ssa.add(ssa.fma(p, ssa.mul(r, r), r), c(1));
    // 2ⁿ in two factors: results near both ends of the range need an n that has no power of its
    // own.
    int biasedHalf = ssa.fma(n, c(0.5), bias);
    int half = ssa.sub(biasedHalf, bias);
    int biasedRest = ssa.add(ssa.sub(n, half), bias);
    int y = ssa.mul(ssa.mul(p, ssa.emit(Op.POW2, biasedHalf)), ssa.emit(Op.POW2, biasedRest));
    double over = single ? 88.73 : 709.79;
    double under = single ? -104 : -745.2;
    y = ssa.blend(ssa.emit(Op.GT, x, c(over)), c(Double.POSITIVE_INFINITY), y);
    return ssa.blend(ssa.emit(Op.LT, x, c(under)), c(0), y);
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

  /** log x = e · ln 2 + log m with x = m · 2ᵉ, m in [√½, √2). */
  int log(int x) {
    double smallest = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    double scale = single ? 0x1p25 : 0x1p54;
    int subnormal = ssa.emit(Op.LT, x, c(smallest));
    int normal = ssa.blend(subnormal, ssa.mul(x, c(scale)), x);
    int e = ssa.emit(Op.LOG_EXPONENT, normal);
    e = ssa.sub(e, ssa.blend(subnormal, c(Math.getExponent(scale)), c(0)));
    int m = ssa.sub(ssa.emit(Op.LOG_MANTISSA, normal), c(1));
    int y = single ? logSingle(m, e) : logDouble(m, e);
    y = ssa.blend(ssa.emit(Op.EQ, x, c(0)), c(Double.NEGATIVE_INFINITY), y);
    y = ssa.blend(ssa.emit(Op.LT, x, c(0)), c(Double.NaN), y);
    int infinity = c(Double.POSITIVE_INFINITY);
    y = ssa.blend(ssa.emit(Op.EQ, x, infinity), infinity, y);
    return ssa.blend(ssa.emit(Op.NE, x, x), x, y);
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
    int size = ssa.emit(Op.ABS, x);
    int z = ssa.mul(x, x);
    int q =
        single
            ? polynomial(z, TANH_F32)
            : ssa.div(polynomial(z, TANH_P_F64), polynomial(z, TANH_Q_F64));
    int near = ssa.fma(ssa.mul(z, q), x, x);
    int e = exp(ssa.add(size, size));
    int far = ssa.sub(c(1), ssa.div(c(2), ssa.add(e, c(1))));
    far = ssa.blend(ssa.emit(Op.LT, x, c(0)), ssa.emit(Op.NEG, far), far);
    return ssa.blend(ssa.emit(Op.LT, size, c(TANH_SWITCH)), near, far);
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
