package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.simd.RowCall;

/**
 * Operations that work on each row of a row-major matrix {@code [rows, cols]} by itself, in {@code
 * float[]} and {@code double[]}: softmax, its logarithm, and layer and root mean square
 * normalization. The output may be the input. After the first calls, none allocates anything that
 * grows with its size.
 *
 * <p>How exact they are is said by {@link dev.lanewise.kernel.RowOperations} and {@link
 * dev.lanewise.kernel.Normalization}, whose bits these calls give.
 */
public final class Rows {
  private Rows() {}

  /**
   * Computes {@code y = exp(x − largest) / Σ exp(x − largest)} of each row. A row with a NaN or ∞,
   * or nothing but −∞, gives NaN.
   *
   * {@snippet :
   * float[] x = {5, 5, 0, 0, 0, 0}, y = new float[6];
   * Rows.softmax(1, 2, x, 0, 2, y, 0, 2, 1); // of the first two
   * System.out.println(y[0]); // 0.5
   * Rows.softmax(3, 2, x, 0, 2, x, 0, 2, 0); // of three rows, in place
   * }
   *
   * @param rows how many rows
   * @param cols how long they are
   * @param x the array of the logits
   * @param xOffset where they begin
   * @param ldx from one row of x to the next
   * @param y the array of the output, which may be x itself
   * @param yOffset where it begins
   * @param ldy from one row of y to the next
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, or y overlaps x and is not the same
   * @throws IndexOutOfBoundsException if a matrix leaves its array
   */
  public static void softmax(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      int threads) {
    softmax(false, DType.F32, rows, cols, x, xOffset, ldx, y, yOffset, ldy, threads);
  }

  /**
   * Computes {@code y = (x − largest) − log Σ exp(x − largest)} of each row. A row with a NaN or ∞,
   * or nothing but −∞, gives NaN.
   *
   * {@snippet :
   * float[] x = {5, 5}, y = new float[2];
   * Rows.logSoftmax(1, 2, x, 0, 2, y, 0, 2, 1);
   * System.out.println(y[0]); // -0.6931472
   * }
   *
   * @param rows how many rows
   * @param cols how long they are
   * @param x the array of the logits
   * @param xOffset where they begin
   * @param ldx from one row of x to the next
   * @param y the array of the output, which may be x itself
   * @param yOffset where it begins
   * @param ldy from one row of y to the next
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #softmax(int, int, float[], int, int, float[], int,
   *     int, int)}
   * @throws IndexOutOfBoundsException if a matrix leaves its array
   */
  public static void logSoftmax(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      int threads) {
    softmax(true, DType.F32, rows, cols, x, xOffset, ldx, y, yOffset, ldy, threads);
  }

  /**
   * Layer normalization (Ba, Kiros and Hinton, "Layer Normalization", 2016): {@code y = (x − mean)
   * / √(variance + eps) · weight + bias}, with mean and variance of each row.
   *
   * {@snippet :
   * float[] x = {1, 3, 10, 30}, weight = {1, 2}, y = new float[4];
   * Rows.layerNorm(2, 2, x, 0, 2, weight, 0, null, 0, 0, y, 0, 2, 1);
   * System.out.println(Arrays.toString(y)); // [-1.0, 2.0, -1.0, 2.0]
   * }
   *
   * @param rows how many rows
   * @param cols how long they are
   * @param x the array of the input
   * @param xOffset where it begins
   * @param ldx from one row of x to the next
   * @param weight the array of the factors, one for each column; null for none
   * @param weightOffset where they begin
   * @param bias the array of what is added, one for each column; null for nothing
   * @param biasOffset where it begins
   * @param eps added to the variance, at least 0
   * @param y the array of the output, which may be x itself
   * @param yOffset where it begins
   * @param ldy from one row of y to the next
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, eps is negative or NaN, or y overlaps x and is not the same, or overlaps weight or
   *     bias
   * @throws IndexOutOfBoundsException if a matrix or vector leaves its array
   */
  public static void layerNorm(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int ldx,
      float[] weight,
      int weightOffset,
      float[] bias,
      int biasOffset,
      double eps,
      float[] y,
      int yOffset,
      int ldy,
      int threads) {
    normalize(
        true,
        DType.F32,
        rows,
        cols,
        x,
        xOffset,
        ldx,
        weight,
        weightOffset,
        bias,
        biasOffset,
        eps,
        y,
        yOffset,
        ldy,
        threads);
  }

  /**
   * Root mean square normalization (Zhang and Sennrich, "Root Mean Square Layer Normalization",
   * 2019): {@code y = x / √(mean of x² + eps) · weight} of each row.
   *
   * {@snippet :
   * float[] x = {3, -3, 0.5f, 0.5f}, y = new float[4];
   * Rows.rmsNorm(2, 2, x, 0, 2, null, 0, 0, y, 0, 2, 1);
   * System.out.println(Arrays.toString(y)); // [1.0, -1.0, 1.0, 1.0]
   * }
   *
   * @param rows how many rows
   * @param cols how long they are
   * @param x the array of the input
   * @param xOffset where it begins
   * @param ldx from one row of x to the next
   * @param weight the array of the factors, one for each column; null for none
   * @param weightOffset where they begin
   * @param eps added to the mean of the squares, at least 0
   * @param y the array of the output, which may be x itself
   * @param yOffset where it begins
   * @param ldy from one row of y to the next
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, eps is negative or NaN, or y overlaps x and is not the same, or overlaps weight
   * @throws IndexOutOfBoundsException if a matrix or vector leaves its array
   */
  public static void rmsNorm(
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int ldx,
      float[] weight,
      int weightOffset,
      double eps,
      float[] y,
      int yOffset,
      int ldy,
      int threads) {
    normalize(
        false,
        DType.F32,
        rows,
        cols,
        x,
        xOffset,
        ldx,
        weight,
        weightOffset,
        null,
        0,
        eps,
        y,
        yOffset,
        ldy,
        threads);
  }

  /** {@link #softmax(int, int, float[], int, int, float[], int, int, int)} in double precision. */
  public static void softmax(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int ldx,
      double[] y,
      int yOffset,
      int ldy,
      int threads) {
    softmax(false, DType.F64, rows, cols, x, xOffset, ldx, y, yOffset, ldy, threads);
  }

  /**
   * {@link #logSoftmax(int, int, float[], int, int, float[], int, int, int)} in double precision.
   */
  public static void logSoftmax(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int ldx,
      double[] y,
      int yOffset,
      int ldy,
      int threads) {
    softmax(true, DType.F64, rows, cols, x, xOffset, ldx, y, yOffset, ldy, threads);
  }

  /**
   * {@link #layerNorm(int, int, float[], int, int, float[], int, float[], int, double, float[],
   * int, int, int)} in double precision.
   */
  public static void layerNorm(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int ldx,
      double[] weight,
      int weightOffset,
      double[] bias,
      int biasOffset,
      double eps,
      double[] y,
      int yOffset,
      int ldy,
      int threads) {
    normalize(
        true,
        DType.F64,
        rows,
        cols,
        x,
        xOffset,
        ldx,
        weight,
        weightOffset,
        bias,
        biasOffset,
        eps,
        y,
        yOffset,
        ldy,
        threads);
  }

  /**
   * {@link #rmsNorm(int, int, float[], int, int, float[], int, double, float[], int, int, int)} in
   * double precision.
   */
  public static void rmsNorm(
      int rows,
      int cols,
      double[] x,
      int xOffset,
      int ldx,
      double[] weight,
      int weightOffset,
      double eps,
      double[] y,
      int yOffset,
      int ldy,
      int threads) {
    normalize(
        false,
        DType.F64,
        rows,
        cols,
        x,
        xOffset,
        ldx,
        weight,
        weightOffset,
        null,
        0,
        eps,
        y,
        yOffset,
        ldy,
        threads);
  }

  private static void softmax(
      boolean log,
      DType dtype,
      int rows,
      int cols,
      Object x,
      int xOffset,
      int ldx,
      Object y,
      int yOffset,
      int ldy,
      int threads) {
    String op = log ? "logSoftmax" : "softmax";
    check(op, rows, cols, x, xOffset, ldx, y, yOffset, ldy);
    int most = Arguments.threads(op, threads);
    RowCall call = RowCall.lend();
    try {
      call.x().in(x, xOffset, ldx);
      call.y().in(y, yOffset, ldy);
      if (log) {
        call.logSoftmax(dtype, rows, cols, most);
      } else {
        call.softmax(dtype, rows, cols, most);
      }
    } finally {
      call.giveBack();
    }
  }

  private static void normalize(
      boolean centered,
      DType dtype,
      int rows,
      int cols,
      Object x,
      int xOffset,
      int ldx,
      Object weight,
      int weightOffset,
      Object bias,
      int biasOffset,
      double eps,
      Object y,
      int yOffset,
      int ldy,
      int threads) {
    String op = centered ? "layerNorm" : "rmsNorm";
    check(op, rows, cols, x, xOffset, ldx, y, yOffset, ldy);
    checkPerColumn(op, "weight", weight, weightOffset, rows, cols, y, yOffset, ldy);
    checkPerColumn(op, "bias", bias, biasOffset, rows, cols, y, yOffset, ldy);
    Arguments.eps(op, eps);
    int most = Arguments.threads(op, threads);
    RowCall call = RowCall.lend();
    try {
      call.x().in(x, xOffset, ldx);
      call.y().in(y, yOffset, ldy);
      if (weight != null) {
        call.weight().in(weight, weightOffset, Math.max(1, cols));
      }
      if (bias != null) {
        call.bias().in(bias, biasOffset, Math.max(1, cols));
      }
      call.normalize(centered, eps, dtype, rows, cols, most);
    } finally {
      call.giveBack();
    }
  }

  private static void check(
      String op,
      int rows,
      int cols,
      Object x,
      int xOffset,
      int ldx,
      Object y,
      int yOffset,
      int ldy) {
    Arguments.rows(op, rows, cols);
    Arguments.matrix(op, "x", Arguments.lengthOf(op, "x", x), xOffset, rows, cols, ldx);
    Arguments.matrix(op, "y", Arguments.lengthOf(op, "y", y), yOffset, rows, cols, ldy);
    if (x == y && !Arguments.same(rows, xOffset, ldx, yOffset, ldy)) {
      Arguments.apart(op, "x", xOffset, rows, cols, ldx, yOffset, rows, cols, ldy);
    }
  }

  private static void checkPerColumn(
      String op,
      String name,
      Object vector,
      int offset,
      int rows,
      int cols,
      Object y,
      int yOffset,
      int ldy) {
    if (vector != null) {
      Arguments.vector(op, name, Arguments.lengthOf(op, name, vector), offset, cols, 1);
      if (vector == y) {
        Arguments.apart(op, name, offset, 1, cols, Math.max(1, cols), yOffset, rows, cols, ldy);
      }
    }
  }
}
