package dev.lanewise.nn.init;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;

/** Random numbers for a weight; each call takes one stream of the generator. */
final class Draw {
  /** The standard deviation of a standard normal number that lies between −2 and 2. */
  static final double TRUNCATED_STD = 0.87962566103423978;

  private static final Expr SCALED = Expr.arg(0).mul(Expr.param(0)).add(Expr.param(1));
  private static final Expr TRUNCATED = truncated().mul(Expr.param(0)).add(Expr.param(1));

  private Draw() {}

  static void uniform(NdArray out, double low, double high, Generator generator) {
    draw(Distribution.UNIFORM, SCALED, high - low, low, out, generator);
  }

  static void normal(NdArray out, double mean, double std, Generator generator) {
    draw(Distribution.NORMAL, SCALED, std, mean, out, generator);
  }

  static void truncatedNormal(NdArray out, double mean, double std, Generator generator) {
    draw(Distribution.UNIFORM, TRUNCATED, std, mean, out, generator);
  }

  private static void draw(
      Distribution distribution,
      Expr expr,
      double factor,
      double shift,
      NdArray out,
      Generator generator) {
    Backend backend = Backends.of(out);
    backend.random(distribution, generator.seed(), generator.nextStream(), out);
    backend.elementwise(expr, out, new double[] {factor, shift}, out);
  }

  /**
   * {@return the number between −2 and 2 below which lies the share u of the truncated bell curve}
   * {@code √2 · erf⁻¹(erf(√2) · (2u − 1))}, with the polynomial for the middle of erf⁻¹ of M.
   * Giles, "Approximating the erfinv function", GPU Computing Gems, 2011, exact to 4e-7. It needs
   * no draw to be repeated, so that each number comes from its own place of one stream.
   */
  private static Expr truncated() {
    double edge = 0.95449973610364158; // erf(√2)
    double[] coefficients = {
      2.81022636e-08,
      3.43273939e-07,
      -3.5233877e-06,
      -4.39150654e-06,
      0.00021858087,
      -0.00125372503,
      -0.00417768164,
      0.246640727,
      1.50140941
    };
    Expr one = Expr.constant(1);
    Expr x = Expr.arg(0).mul(Expr.constant(2)).sub(one).mul(Expr.constant(edge));
    Expr w = one.sub(x).mul(one.add(x)).log().neg().sub(Expr.constant(2.5));
    Expr sum = Expr.constant(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = sum.mul(w).add(Expr.constant(coefficients[i]));
    }
    return sum.mul(x).mul(Expr.constant(Math.sqrt(2)));
  }
}
