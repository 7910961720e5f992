package dev.lanewise.simd;

import dev.lanewise.array.Layout;
import java.util.Arrays;

/**
 * An array of a plan as a batch of matrices: the axes after the batch's are rows and columns. One
 * axis alone is that of rows of one element.
 */
final class Matrices {
  private final DenseArgument array;
  private final int bytes;
  private final int[] dims;
  private final long[] strides;

  /** From one row to the next, in elements. */
  final long row;

  /** From one column to the next, in elements. */
  final long column;

  /**
   * Makes the view.
   *
   * @param bytes of an element
   * @param rank of the batch
   */
  Matrices(DenseArgument array, int bytes, int rank) {
    Layout layout = array.layout;
    this.array = array;
    this.bytes = bytes;
    this.dims = Arrays.copyOf(layout.shape().dims(), rank);
    this.strides = Arrays.copyOf(Nest.strides(layout), rank);
    this.row = layout.stride(rank);
    // The step along an axis of one element may be anything, and nothing must depend on it.
    boolean one = layout.shape().rank() == rank + 1 || layout.shape().dim(rank + 1) <= 1;
    this.column = one ? 1 : layout.stride(rank + 1);
  }

  /** {@return the address of the first element of a row of a matrix of the batch} */
  long at(long index, long rows) {
    long element = rows * row;
    long rest = index;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      element += rest % dims[axis] * strides[axis];
      rest /= dims[axis];
    }
    return array.address() + element * bytes;
  }
}
