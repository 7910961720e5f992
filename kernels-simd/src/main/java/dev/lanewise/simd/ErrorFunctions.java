package dev.lanewise.simd;

/** The error function and what is made of it, in instructions. */
final class ErrorFunctions extends MathCode {
  /**
   * {@code (z + 1) · erfc(z) · e^(z²)} for z ≥ 0 as a polynomial in {@code (z − k) / (z + k)}: a
   * Chebyshev interpolation with a relative error of 2^−27.7, and of 2^−57.3 for 64 bits.
   */
  private static final double[] TAIL_F32 = {
    3.60806463e-5,
    -2.34683415e-5,
    -0.000346959774,
    0.000648502142,
    0.00160852821,
    -0.00975194043,
    0.0219600586,
    -0.0238036372,
    -0.0102355832,
    0.0990207307,
    -0.23092733,
    0.716004605
  };

  private static final double[] TAIL_F64 = {
    -1.4506607968251927889e-10,
    3.8754602562689748717e-10,
    1.7174294260850352746e-9,
    -5.187296046231376031e-9,
    -1.1483738260580700324e-8,
    4.5525594245551562998e-8,
    5.1444422747918424938e-8,
    -3.6251386038087444078e-7,
    3.902926078262735523e-9,
    2.6490399773817633811e-6,
    -4.1383358309387902639e-6,
    -0.000013150549897245757168,
    0.00006403270692900712076,
    -0.000060136955620917457292,
    -0.00038976748430922001567,
    0.0021164216211597799261,
    -0.006068735219331131357,
    0.012161784748331477127,
    -0.017515654646596666454,
    0.0153125096796292863,
    0.0039620556812937695378,
    -0.048080381221318480008,
    0.11704966551044243072,
    -0.19934458280036697935,
    0.68499728812530694945
  };

  private final VectorMath math;

  ErrorFunctions(VectorMath math) {
    super(math.ssa);
    this.math = math;
  }

  /** {@return erfc(z) · e^(z²) for z ≥ 0}; NaN at ∞ */
  private int scaledTail(int z) {
    int k = c(3, 4);
    int u = div(sub(z, k), add(z, k));
    int p = single ? polynomial(u, TAIL_F32) : polynomial(u, TAIL_F64);
    return div(p, add(z, c(1)));
  }

  /** Near 0 the series 2/√π · (x − x³/3 + x⁵/(2!·5) − …); from 1 on, 1 − erfc. */
  int erf(int x) {
    int size = abs(x);
    int z = mul(size, size);
    // With the first coefficient in two parts, 1 and the rest, hardly anything is rounded twice.
    double[] series = new double[single ? 11 : 20];
    double factorial = 1;
    for (int n = 0; n < series.length; n++) {
      factorial *= Math.max(1, n);
      double term = 2 / Math.sqrt(Math.PI) / (factorial * (2 * n + 1));
      series[series.length - 1 - n] = n == 0 ? term - 1 : n % 2 == 0 ? term : -term;
    }
    int near = fma(size, polynomial(z, series), size);
    int far = sub(c(1), math.scaledExp(scaledTail(size), neg(z), c(0)));
    return copySign(choose(lt(size, c(1)), near, far), x);
  }

  /**
   * x · Φ(x), with Φ(−|x|) = erfc(|x|/√2) / 2. The square in the exponent is needed to more digits
   * than a number has: far below 0 its rounding error would be a hundred times that of the result.
   */
  int gelu(int x) {
    int size = abs(x);
    int square = mul(x, x);
    int low = fma(x, x, neg(square));
    int factor = mul(mul(c(0.5), size), scaledTail(mul(size, c(Math.sqrt(0.5)))));
    int tail = math.scaledExp(factor, mul(c(-0.5), square), mul(c(-0.5), low));
    return choose(lt(x, c(0)), neg(tail), sub(x, tail));
  }
}
