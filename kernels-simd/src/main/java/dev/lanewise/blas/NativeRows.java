package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.simd.RowCall;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Operations that work on each row of a row-major matrix {@code [rows, cols]} by itself, in memory
 * segments off the heap: as {@link Rows}, with the same bits, but copied only where numbers are not
 * aligned. A matrix is the beginning of a segment; pass a slice for an offset. Segments of the heap
 * are refused; numbers that are not aligned to their size are fine, but slower. After the first
 * calls, none allocates anything that grows with its size.
 *
 * <p>An arena must not be closed by another thread while a call is under way.
 */
public final class NativeRows {
  private NativeRows() {}

  /**
   * Computes {@code y = exp(x − largest) / Σ exp(x − largest)} of each row. A row with a NaN or ∞,
   * or nothing but −∞, gives NaN.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 5, 5, 0, 0, 0, 0);
   *   NativeRows.softmax(DType.F32, 3, 2, x, 2, x, 2, 1); // of three rows, in place
   *   System.out.println(x.getAtIndex(ValueLayout.JAVA_FLOAT, 5)); // 0.5
   * }
   * }
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many rows
   * @param cols how long they are
   * @param x begins with the logits
   * @param ldx from one row of x to the next, in numbers
   * @param y begins with the output; may be x itself
   * @param ldy from one row of y to the next, in numbers
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, y overlaps x and is not the same, or a segment is of the heap or read-only
   * @throws dev.lanewise.array.DTypeException if the type is another
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void softmax(
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment y,
      int ldy,
      int threads) {
    softmax(false, dtype, rows, cols, x, ldx, y, ldy, threads);
  }

  /**
   * Computes {@code y = (x − largest) − log Σ exp(x − largest)} of each row. A row with a NaN or ∞,
   * or nothing but −∞, gives NaN.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 5, 5);
   *   NativeRows.logSoftmax(DType.F32, 1, 2, x, 2, x, 2, 1);
   *   System.out.println(x.getAtIndex(ValueLayout.JAVA_FLOAT, 0)); // -0.6931472
   * }
   * }
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many rows
   * @param cols how long they are
   * @param x begins with the logits
   * @param ldx from one row of x to the next, in numbers
   * @param y begins with the output; may be x itself
   * @param ldy from one row of y to the next, in numbers
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #softmax}
   * @throws dev.lanewise.array.DTypeException if the type is another
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void logSoftmax(
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment y,
      int ldy,
      int threads) {
    softmax(true, dtype, rows, cols, x, ldx, y, ldy, threads);
  }

  /**
   * Layer normalization (Ba, Kiros and Hinton, "Layer Normalization", 2016): {@code y = (x − mean)
   * / √(variance + eps) · weight + bias}, with mean and variance of each row.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 3, 10, 30);
   *   MemorySegment weight = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2);
   *   NativeRows.layerNorm(DType.F32, 2, 2, x, 2, weight, null, 0, x, 2, 1);
   *   System.out.println(x.getAtIndex(ValueLayout.JAVA_FLOAT, 3)); // 2.0
   * }
   * }
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many rows
   * @param cols how long they are
   * @param x begins with the input
   * @param ldx from one row of x to the next, in numbers
   * @param weight begins with the factors, one for each column; null for none
   * @param bias begins with what is added, one for each column; null for nothing
   * @param eps added to the variance, at least 0
   * @param y begins with the output; may be x itself
   * @param ldy from one row of y to the next, in numbers
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, eps is negative or NaN, y overlaps x and is not the same or overlaps weight or bias,
   *     or a segment is of the heap or read-only
   * @throws dev.lanewise.array.DTypeException if the type is another
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void layerNorm(
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment weight,
      MemorySegment bias,
      double eps,
      MemorySegment y,
      int ldy,
      int threads) {
    normalize(true, dtype, rows, cols, x, ldx, weight, bias, eps, y, ldy, threads);
  }

  /**
   * Root mean square normalization (Zhang and Sennrich, "Root Mean Square Layer Normalization",
   * 2019): {@code y = x / √(mean of x² + eps) · weight} of each row.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 3, -3);
   *   NativeRows.rmsNorm(DType.F32, 1, 2, x, 2, null, 0, x, 2, 1);
   *   System.out.println(x.getAtIndex(ValueLayout.JAVA_FLOAT, 1)); // -1.0
   * }
   * }
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many rows
   * @param cols how long they are
   * @param x begins with the input
   * @param ldx from one row of x to the next, in numbers
   * @param weight begins with the factors, one for each column; null for none
   * @param eps added to the mean of the squares, at least 0
   * @param y begins with the output; may be x itself
   * @param ldy from one row of y to the next, in numbers
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #layerNorm}
   * @throws dev.lanewise.array.DTypeException if the type is another
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void rmsNorm(
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment weight,
      double eps,
      MemorySegment y,
      int ldy,
      int threads) {
    normalize(false, dtype, rows, cols, x, ldx, weight, null, eps, y, ldy, threads);
  }

  private static void softmax(
      boolean log,
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment y,
      int ldy,
      int threads) {
    String op = log ? "logSoftmax" : "softmax";
    check(op, dtype, rows, cols, x, ldx, y, ldy);
    int most = Arguments.threads(op, threads);
    RowCall call = RowCall.lend();
    try {
      call.x().at(x.address(), dtype.byteSize(), ldx);
      call.y().at(y.address(), dtype.byteSize(), ldy);
      if (log) {
        call.logSoftmax(dtype, rows, cols, most);
      } else {
        call.softmax(dtype, rows, cols, most);
      }
    } finally {
      call.giveBack();
      Reference.reachabilityFence(x);
      Reference.reachabilityFence(y);
    }
  }

  private static void normalize(
      boolean centered,
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment weight,
      MemorySegment bias,
      double eps,
      MemorySegment y,
      int ldy,
      int threads) {
    String op = centered ? "layerNorm" : "rmsNorm";
    check(op, dtype, rows, cols, x, ldx, y, ldy);
    checkPerColumn(op, "weight", dtype, weight, rows, cols, y, ldy);
    checkPerColumn(op, "bias", dtype, bias, rows, cols, y, ldy);
    Arguments.eps(op, eps);
    int most = Arguments.threads(op, threads);
    RowCall call = RowCall.lend();
    try {
      int bytes = dtype.byteSize();
      call.x().at(x.address(), bytes, ldx);
      call.y().at(y.address(), bytes, ldy);
      if (weight != null) {
        call.weight().at(weight.address(), bytes, Math.max(1, cols));
      }
      if (bias != null) {
        call.bias().at(bias.address(), bytes, Math.max(1, cols));
      }
      call.normalize(centered, eps, dtype, rows, cols, most);
    } finally {
      call.giveBack();
      Reference.reachabilityFence(x);
      Reference.reachabilityFence(weight);
      Reference.reachabilityFence(bias);
      Reference.reachabilityFence(y);
    }
  }

  private static void check(
      String op,
      DType dtype,
      int rows,
      int cols,
      MemorySegment x,
      int ldx,
      MemorySegment y,
      int ldy) {
    int bytes = Arguments.bytes(op, dtype);
    Arguments.rows(op, rows, cols);
    long from = Arguments.matrix(op, "x", x, bytes, rows, cols, ldx);
    long to = Arguments.matrix(op, "y", y, bytes, rows, cols, ldy);
    Arguments.writable(op, "y", y);
    if (!Arguments.same(rows, from, ldx, to, ldy)) {
      Arguments.apart(op, "x", bytes, from, rows, cols, ldx, to, rows, cols, ldy);
    }
  }

  private static void checkPerColumn(
      String op,
      String name,
      DType dtype,
      MemorySegment vector,
      int rows,
      int cols,
      MemorySegment y,
      int ldy) {
    if (vector != null) {
      int bytes = dtype.byteSize();
      int ld = Math.max(1, cols);
      long at = Arguments.matrix(op, name, vector, bytes, 1, cols, ld);
      Arguments.apart(op, name, bytes, at, 1, cols, ld, y.address(), rows, cols, ldy);
    }
  }
}
