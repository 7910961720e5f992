package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * A checked call that picks elements along an axis by index: {@link Backend#gather} and {@link
 * Backend#scatterAdd}. The indices themselves are checked too, before anything is written.
 *
 * @param axis the axis along which is picked, from 0
 * @param table the array that is picked from, or added to
 * @param indices i32 or i64, of the rank of {@code table} and with its extents but along the axis
 * @param picked what is picked, or added, of the shape of {@code indices}
 */
public record IndexSpec(int axis, NdArray table, NdArray indices, NdArray picked) {

  /**
   * {@return the checked call}
   *
   * @param operation who asks, for the error's text
   * @param axis the axis; negative counts from the last
   * @param table the array that is picked from, or added to
   * @param indices each from 0 to the table's extent along the axis, less 1
   * @param picked what is picked, or added
   * @param out which of {@code table} and {@code picked} is written
   * @throws ShapeException if a shape, the axis or an index does not fit
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public static IndexSpec of(
      String operation, int axis, NdArray table, NdArray indices, NdArray picked, NdArray out) {
    Checks.compute(operation, table, picked);
    Checks.index(operation, indices);
    int at = table.shape().axis(operation, axis);
    int[] dims = table.shape().dims();
    if (indices.shape().rank() != dims.length) {
      throw new ShapeException(
          operation
              + ": indices "
              + indices.shape()
              + " must have as many axes as the array "
              + table.shape());
    }
    dims[at] = indices.shape().dim(at);
    Checks.shape(operation, "indices", indices, Shape.of(dims));
    Checks.shape(operation, "picked", picked, Shape.of(dims));
    Checks.output(operation, out);
    Checks.apart(operation, out, out == table ? picked : table, indices);
    checkIndices(operation, at, table, indices);
    return new IndexSpec(at, table, indices, picked);
  }

  /**
   * Checks the indices of a call whose shapes and types were checked before.
   *
   * @param operation who asks, for the error's text
   * @param axis the axis; negative counts from the last
   * @param table the array that is picked from, or added to
   * @param indices each from 0 to the table's extent along the axis, less 1
   * @throws ShapeException if an index does not fit
   */
  public static void checkIndices(String operation, int axis, NdArray table, NdArray indices) {
    int at = table.shape().axis(operation, axis);
    Checks.indexRange(operation, indices, table.shape().dim(at), "axis ", at);
  }

  /**
   * {@return the error about an index outside the axis} For backends that look at indices in memory
   * of their own, where {@link #of} can not.
   *
   * @param operation who asks, for the error's text
   * @param index the index
   */
  public ShapeException outOfRange(String operation, long index) {
    return Checks.outOfRange(operation, index, table.shape().dim(axis), "axis ", axis);
  }
}
