package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;

/**
 * Tensors made from Java's arrays: {@code Tensor.of(…)}.
 *
 * {@snippet :
 * Tensor vector = Tensor.of(new float[] {1, 2, 3});
 * Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
 * Tensor same = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
 * }
 */
abstract sealed class FromArrays permits Creation {
  FromArrays() {}

  /**
   * {@return a tensor over an array, which it shares}
   *
   * @param data the numbers; their device must be a backend
   */
  public static Tensor of(NdArray data) {
    Backends.of(data);
    return new Tensor(data);
  }

  /**
   * {@return a new {@link DType#F32} tensor on {@link Backends#best}}
   *
   * @param values in row-major order; copied
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static Tensor of(float[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#F32} tensor}
   *
   * @param backend who computes on it
   * @param values in row-major order; copied
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static Tensor of(Backend backend, float[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /** {@return a new {@link DType#F64} tensor, as {@link #of(float[], int...)} makes one} */
  public static Tensor of(double[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#F64} tensor, as {@link #of(Backend, float[], int...)} makes one}
   */
  public static Tensor of(Backend backend, double[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /** {@return a new {@link DType#I32} tensor, as {@link #of(float[], int...)} makes one} */
  public static Tensor of(int[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#I32} tensor, as {@link #of(Backend, float[], int...)} makes one}
   */
  public static Tensor of(Backend backend, int[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /** {@return a new {@link DType#I64} tensor, as {@link #of(float[], int...)} makes one} */
  public static Tensor of(long[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#I64} tensor, as {@link #of(Backend, float[], int...)} makes one}
   */
  public static Tensor of(Backend backend, long[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /**
   * {@return a new {@link DType#F32} matrix on {@link Backends#best}}
   *
   * @param rows {@code [m, n]}; copied
   * @throws ShapeException if a row is {@code null} or of another length than the first
   */
  public static Tensor of(float[][] rows) {
    int[] dims = Nested.extents(rows, 2);
    return of(Nested.fill(rows, dims, float[]::new), dims);
  }

  /** {@return a new {@link DType#F64} matrix, as {@link #of(float[][])} makes one} */
  public static Tensor of(double[][] rows) {
    int[] dims = Nested.extents(rows, 2);
    return of(Nested.fill(rows, dims, double[]::new), dims);
  }

  /** {@return a new {@link DType#I32} matrix, as {@link #of(float[][])} makes one} */
  public static Tensor of(int[][] rows) {
    int[] dims = Nested.extents(rows, 2);
    return of(Nested.fill(rows, dims, int[]::new), dims);
  }

  /** {@return a new {@link DType#I64} matrix, as {@link #of(float[][])} makes one} */
  public static Tensor of(long[][] rows) {
    int[] dims = Nested.extents(rows, 2);
    return of(Nested.fill(rows, dims, long[]::new), dims);
  }

  /**
   * {@return a new {@link DType#F32} tensor of three axes on {@link Backends#best}}
   *
   * @param matrices {@code [k, m, n]}; copied
   * @throws ShapeException if a part is {@code null} or of another length than the first
   */
  public static Tensor of(float[][][] matrices) {
    int[] dims = Nested.extents(matrices, 3);
    return of(Nested.fill(matrices, dims, float[]::new), dims);
  }

  /** {@return a new {@link DType#F64} tensor, as {@link #of(float[][][])} makes one} */
  public static Tensor of(double[][][] matrices) {
    int[] dims = Nested.extents(matrices, 3);
    return of(Nested.fill(matrices, dims, double[]::new), dims);
  }

  /** {@return a new {@link DType#I32} tensor, as {@link #of(float[][][])} makes one} */
  public static Tensor of(int[][][] matrices) {
    int[] dims = Nested.extents(matrices, 3);
    return of(Nested.fill(matrices, dims, int[]::new), dims);
  }
}
