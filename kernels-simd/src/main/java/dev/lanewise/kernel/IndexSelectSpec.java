package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * A checked call that picks whole slices along an axis by index: {@link Backend#indexSelect} and
 * {@link Backend#indexAdd}. The indices themselves are checked too, before anything is written.
 *
 * @param axis the axis along which is picked, from 0
 * @param table the array that is picked from, or added to
 * @param indices {@code [n]}, i32 or i64
 * @param picked what is picked, or added: the shape of {@code table} but n along the axis
 */
public record IndexSelectSpec(int axis, NdArray table, NdArray indices, NdArray picked) {

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
  public static IndexSelectSpec of(
      String operation, int axis, NdArray table, NdArray indices, NdArray picked, NdArray out) {
    if (out == table) {
      Checks.compute(operation, table); // slices are added, not only moved
    }
    Checks.alive(operation, table);
    Checks.dtype(operation, "the slices", picked, table.dtype());
    int at = table.shape().axis(operation, axis);
    if (indices.shape().rank() != 1) {
      throw new ShapeException(
          operation + ": indices must be [n], not " + indices.shape() + "; flatten them first");
    }
    Checks.index(operation, indices);
    int[] dims = table.shape().dims();
    dims[at] = indices.shape().dim(0);
    Checks.shape(operation, "the slices", picked, Shape.of(dims));
    Checks.output(operation, out);
    Checks.apart(operation, out, out == table ? picked : table, indices);
    checkIndices(operation, at, table, indices);
    return new IndexSelectSpec(at, table, indices, picked);
  }

  /**
   * Checks the indices alone, of a call whose types and shapes are known to be right.
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
