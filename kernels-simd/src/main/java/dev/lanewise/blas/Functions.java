package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.RowCall;

/**
 * Elementwise functions of vectors in {@code float[]} and {@code double[]}: exponentials,
 * logarithms, the activations of neural networks and all else that {@link UnaryOp} lists, each as
 * exact as {@link UnaryOp#ulps} says. After the first calls, none allocates anything that grows
 * with its size.
 */
public final class Functions {
  private Functions() {}

  /**
   * Computes a function of each number: {@code y = op(x)}.
   *
   * {@snippet :
   * float[] x = {-1, 0, 2}, y = new float[3];
   * Functions.apply(UnaryOp.RELU, 3, x, 0, y, 0, 1);
   * System.out.println(Arrays.toString(y)); // [0.0, 0.0, 2.0]
   * Functions.apply(UnaryOp.GELU, 3, x, 0, x, 0, 1); // in place
   * }
   *
   * @param op the function
   * @param n how many numbers
   * @param x the array of the arguments
   * @param xOffset where they begin
   * @param y the array of the results, which may be the arguments themselves
   * @param yOffset where they begin
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if n is negative, or y overlaps x and is not the same
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static void apply(
      UnaryOp op, int n, float[] x, int xOffset, float[] y, int yOffset, int threads) {
    run(op, DType.F32, n, x, xOffset, y, yOffset, threads);
  }

  /** {@link #apply(UnaryOp, int, float[], int, float[], int, int)} in double precision. */
  public static void apply(
      UnaryOp op, int n, double[] x, int xOffset, double[] y, int yOffset, int threads) {
    run(op, DType.F64, n, x, xOffset, y, yOffset, threads);
  }

  private static void run(
      UnaryOp op, DType dtype, int n, Object x, int xOffset, Object y, int yOffset, int threads) {
    String name = "apply";
    Arguments.given(name, "op", op);
    Arguments.length(name, n);
    Arguments.vector(name, "x", Arguments.lengthOf(name, "x", x), xOffset, n, 1);
    Arguments.vector(name, "y", Arguments.lengthOf(name, "y", y), yOffset, n, 1);
    if (x == y && xOffset != yOffset) {
      Arguments.apart(name, "x", xOffset, yOffset, n);
    }
    int most = Arguments.threads(name, threads);
    RowCall call = RowCall.lend();
    try {
      call.x().in(x, xOffset, 1);
      call.y().in(y, yOffset, 1);
      call.function(op, dtype, n, most);
    } finally {
      call.giveBack();
    }
  }
}
