package dev.lanewise.simd;

/** Hyperbolic functions and their inverses, in instructions. */
final class Hyperbolics extends MathCode {
  private final VectorMath math;

  Hyperbolics(VectorMath math) {
    super(math.ssa);
    this.math = math;
  }

  /** {@return e^x / 2 of a number from 0 up, which overflows later than e^x} */
  private int halfExp(int x) {
    VectorMath.Exponential e = math.exponential(x, c(0));
    int y = math.scale(add(e.fraction(), c(1)), sub(e.n(), c(1)));
    return choose(gt(x, c(89.5, 710.5)), c(Double.POSITIVE_INFINITY), y);
  }

  int cosh(int x) {
    int h = halfExp(abs(x));
    return add(h, div(c(0.25), h));
  }

  int sinh(int x) {
    int size = abs(x);
    int h = halfExp(size);
    int far = sub(h, div(c(0.25), h));
    // x + x³/3! + x⁵/5! + …
    double[] series = new double[single ? 5 : 9];
    double factorial = 1;
    for (int i = 0; i < series.length; i++) {
      factorial *= (2.0 * i + 2) * (2 * i + 3);
      series[series.length - 1 - i] = 1 / factorial;
    }
    int z = mul(size, size);
    int near = fma(mul(size, z), polynomial(z, series), size);
    return copySign(choose(lt(size, c(1)), near, far), x);
  }

  /** A number so large that neither adding 1 to it nor the smaller terms of a root change it. */
  private int huge() {
    return c(0x1p28, 0x1p56);
  }

  /** {@return log(1 + t), or log(2x) where x is huge} */
  private int logOfSum(int x, int t) {
    int huge = gt(x, huge());
    int y = math.log1p(choose(huge, x, t), choose(huge, c(1), c(0)));
    int infinity = c(Double.POSITIVE_INFINITY);
    return choose(eq(x, infinity), infinity, y);
  }

  /** asinh x = log(x + √(x² + 1)) = log(1 + x + x² / (1 + √(x² + 1))). */
  int asinh(int x) {
    int size = abs(x);
    int z = mul(size, size);
    int t = add(size, div(z, add(c(1), sqrt(add(z, c(1))))));
    return choose(isNan(x), x, copySign(logOfSum(size, t), x));
  }

  /** acosh(1 + t) = log(1 + t + √(2t + t²)). */
  int acosh(int x) {
    int t = sub(x, c(1));
    int y = logOfSum(x, add(t, sqrt(mul(t, add(t, c(2))))));
    // Below −1 the root exists again; in between it is a NaN, which must survive the logarithm.
    return choose(ssa.emit(Ssa.Op.GE, x, c(1)), y, c(Double.NaN));
  }

  /** atanh x = ½ log((1 + x) / (1 − x)) = ½ log(1 + 2x / (1 − x)). */
  int atanh(int x) {
    int size = abs(x);
    int t = div(add(size, size), sub(c(1), size));
    int y = mul(c(0.5), math.log1p(t, c(0)));
    y = choose(eq(size, c(1)), c(Double.POSITIVE_INFINITY), y);
    return choose(ssa.emit(Ssa.Op.LE, size, c(1)), copySign(y, x), c(Double.NaN));
  }
}
