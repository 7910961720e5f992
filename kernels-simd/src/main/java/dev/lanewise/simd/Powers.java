package dev.lanewise.simd;

/** Powers and roots, in instructions. */
final class Powers extends MathCode {
  private final VectorMath math;
  private final Rounding rounding;

  Powers(VectorMath math, Rounding rounding) {
    super(math.ssa);
    this.math = math;
    this.rounding = rounding;
  }

  int rsqrt(int x) {
    return div(c(1), sqrt(x));
  }

  /** One step of Newton's method from e^(log x / 3), which is off by some 30 units or less. */
  int cbrt(int x) {
    int size = abs(x);
    int first = math.exp(mul(math.log(size), c(1 / 3.0)));
    int root = fma(sub(div(size, mul(first, first)), first), c(1 / 3.0), first);
    int y = choose(eq(size, c(0)), x, copySign(root, x));
    return choose(eq(size, c(Double.POSITIVE_INFINITY)), x, y);
  }

  /** A number as the sum of two, the second below the last place of the first. */
  private record Pair(int high, int low) {}

  /** {@return the sum of two numbers, the first larger in size or 0, without any error} */
  private Pair sum(int x, int y) {
    int high = add(x, y);
    return new Pair(high, sub(y, sub(high, x)));
  }

  private Pair product(int x, int y) {
    int high = mul(x, y);
    return new Pair(high, fma(x, y, neg(high)));
  }

  /**
   * The logarithm of a positive number to half as many digits again: e · ln 2 + 2s + ⅔s³ + ⅖s⁵ + …
   * with s = m / (2 + m), the first three terms in pairs.
   */
  private Pair log(int x) {
    VectorMath.Split parts = math.split(x);
    int m = parts.m();
    int d = add(m, c(2));
    int dLow = sub(m, sub(d, c(2)));
    int s = div(m, d);
    int sLow = div(sub(fma(neg(s), d, m), mul(s, dLow)), d);
    Pair z = product(s, s);
    int zLow = fma(add(s, s), sLow, z.low);
    Pair cube = product(s, z.high);
    int cubeLow = fma(s, zLow, fma(sLow, z.high, cube.low));
    double third = 2 / 3.0;
    int thirdLow = single ? c(third - (float) third) : c(0x1.5555555555555p-55);
    Pair term = product(cube.high, c(third));
    int termLow = fma(cubeLow, c(third), fma(cube.high, thirdLow, term.low));
    double[] series = new double[single ? 5 : 11];
    for (int i = 0; i < series.length; i++) {
      series[series.length - 1 - i] = 2.0 / (2 * i + 5);
    }
    int rest = mul(mul(cube.high, z.high), polynomial(z.high, series));
    // ln 2 in two parts, the first short enough that e times it is exact.
    int ln2High = c(0x1.62cp-1, 0x1.62e42fefap-1);
    int ln2Low = c(0.00027608680994530943, 1.6465949582897082e-12);
    Pair first = sum(mul(parts.e(), ln2High), add(s, s));
    Pair both = sum(first.high, term.high);
    int low = add(add(sLow, sLow), add(termLow, rest));
    low = add(add(first.low, both.low), fma(parts.e(), ln2Low, low));
    return sum(both.high, low);
  }

  /** x^y = e^(y · log |x|), and the special cases of {@link Math#pow}. */
  int pow(int x, int y) {
    int size = abs(x);
    int zero = c(0);
    int infinity = c(Double.POSITIVE_INFINITY);
    Pair log = log(size);
    int high = choose(eq(size, zero), c(Double.NEGATIVE_INFINITY), log.high);
    high = choose(eq(size, infinity), infinity, high);
    Pair exponent = product(y, high);
    int result = math.scaledExp(c(1), exponent.high, fma(y, log.low, exponent.low));
    int integer = eq(rounding.trunc(y), y);
    int half = mul(c(0.5), y);
    int even = eq(rounding.trunc(half), half);
    int negative = choose(even, result, copySign(result, x));
    int root = choose(gt(x, c(Double.NEGATIVE_INFINITY)), c(Double.NaN), result);
    negative = choose(integer, negative, choose(lt(x, zero), root, result));
    // Here x may also be −0, which the comparison does not see.
    result = choose(lt(copySign(c(1), x), zero), negative, result);
    result = choose(isNan(x), x, result);
    return choose(eq(y, zero), c(1), result);
  }
}
