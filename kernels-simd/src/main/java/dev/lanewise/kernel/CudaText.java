package dev.lanewise.kernel;

import dev.lanewise.array.DType;

/**
 * How the lines of the op lists are written in CUDA C: an expression of {@code x}, or of {@code x}
 * and {@code y}, or statements that end with a {@code return}. {@code T} stands for the type that
 * is computed in and {@code U} for the unsigned type of its size, in which integers wrap around.
 *
 * <p>CUDA's functions are off by at most so many ulps from the correctly rounded result as the
 * tables of the CUDA C++ Programming Guide ("Mathematical Functions", standard functions) say.
 * Where that and the half ulp of rounding are more than a line promises for {@code float}, the
 * function is computed in {@code double} and rounded.
 */
final class CudaText {
  private CudaText() {}

  /** The sign decides between e^x / (1 + e^x) and 1 / (1 + e^−x): neither overflows. */
  static final String SIGMOID =
      """
      const double e = exp(-fabs((double) x));
      return (T) ((x < 0 ? e : 1.0) / (1.0 + e));\
      """;

  /** Far below 0 the exponential may be too small to have all its bits; its root has them. */
  static final String SILU =
      """
      if (x < -700) {
        const double root = exp(0.5 * (double) x);
        return isinf(x) ? (T) -0.0 : (T) ((double) x * root * root);
      }
      const double e = exp(-fabs((double) x));
      return (T) ((double) x * ((x < 0 ? e : 1.0) / (1.0 + e)));\
      """;

  /** A power of 2 gives its exponent, whatever the library's last bit is. */
  static final String LOG2 =
      """
      const double d = (double) x;
      if (d > 0 && !isinf(d)) {
        const bool tiny = d < 0x1p-1022;
        const long long bits = __double_as_longlong(tiny ? d * 0x1p54 : d);
        if ((bits & 0xfffffffffffffll) == 0) {
          return (T) ((bits >> 52) - (tiny ? 1077 : 1023));
        }
      }
      return (T) log2(d);\
      """;

  /**
   * x less its tail |x| · erfc(|x|/√2) / 2, or less than nothing but the tail. A Chebyshev
   * interpolation of (z + 1) · erfc(z) · e^(z²) in (z − 4) / (z + 4) with a relative error of
   * 2^−57.3; CUDA's erfc and normcdf are off by 5 ulps. The square in the exponent is needed to
   * more digits than a number has.
   */
  static final String GELU =
      """
      const double a = fabs((double) x);
      if (!(a < 56)) {
        return x < 0 ? (T) -0.0 : x;
      }
      const double z = a * 0.7071067811865476;
      const double u = (z - 4.0) / (z + 4.0);
      double p = -1.4506607968251927889e-10;
      p = fma(p, u, 3.8754602562689748717e-10);
      p = fma(p, u, 1.7174294260850352746e-9);
      p = fma(p, u, -5.187296046231376031e-9);
      p = fma(p, u, -1.1483738260580700324e-8);
      p = fma(p, u, 4.5525594245551562998e-8);
      p = fma(p, u, 5.1444422747918424938e-8);
      p = fma(p, u, -3.6251386038087444078e-7);
      p = fma(p, u, 3.902926078262735523e-9);
      p = fma(p, u, 2.6490399773817633811e-6);
      p = fma(p, u, -4.1383358309387902639e-6);
      p = fma(p, u, -0.000013150549897245757168);
      p = fma(p, u, 0.00006403270692900712076);
      p = fma(p, u, -0.000060136955620917457292);
      p = fma(p, u, -0.00038976748430922001567);
      p = fma(p, u, 0.0021164216211597799261);
      p = fma(p, u, -0.006068735219331131357);
      p = fma(p, u, 0.012161784748331477127);
      p = fma(p, u, -0.017515654646596666454);
      p = fma(p, u, 0.0153125096796292863);
      p = fma(p, u, 0.0039620556812937695378);
      p = fma(p, u, -0.048080381221318480008);
      p = fma(p, u, 0.11704966551044243072);
      p = fma(p, u, -0.19934458280036697935);
      p = fma(p, u, 0.68499728812530694945);
      const double square = a * a;
      const double low = fma(a, a, -square);
      const double e = exp(-0.5 * square) * (1.0 - 0.5 * low);
      const double tail = 0.5 * a * (p / (z + 1.0)) * e;
      return (T) (x < 0 ? -tail : (double) x - tail);\
      """;

  /** In C, 1 to the power of NaN is 1, and so is ±1 to the power of ±∞; in Java they are NaN. */
  static final String POW =
      "y != y || (fabs(x) == 1 && isinf(y)) ? y - y : (T) pow((double) x, (double) y)";

  /** NaN if either is; of two zeros the positive one. */
  static final String MAX = "x > y ? x : y > x ? y : x == y ? (signbit(x) ? y : x) : x + y";

  /** NaN if either is; of two zeros the negative one. */
  static final String MIN = "x < y ? x : y < x ? y : x == y ? (signbit(x) ? x : y) : x + y";

  /** The smallest integer has no positive counterpart for C's own division. */
  static final String QUOTIENT = "y == 0 ? 0 : y == -1 ? (T) (0 - (U) x) : x / y";

  /**
   * {@return the statements of a function in a type}
   *
   * @param text how the line writes it
   * @param dtype what it computes in
   */
  static String body(String text, DType dtype) {
    String type =
        switch (dtype) {
          case F32 -> "float";
          case F64 -> "double";
          case I32 -> "int";
          case I64 -> "long long";
          case BOOL, F16, BF16 ->
              throw new IllegalArgumentException("cuda: nothing is computed in " + dtype);
        };
    String statements = text.contains("return") ? text : "return " + text + ";";
    return statements.replaceAll("\\bT\\b", type).replaceAll("\\bU\\b", "unsigned " + type);
  }
}
