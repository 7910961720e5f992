package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#sort}.
 *
 * @param x what to sort
 * @param axis the axis along which, from 0
 * @param descending whether the largest come first
 * @param values receives the first elements of each line's order
 * @param indices receives where they were
 */
public record SortSpec(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {

  /**
   * {@return the checked call}
   *
   * @param x f32, f64, i32 or i64
   * @param axis the axis along which; negative counts from the last
   * @param descending whether the largest come first
   * @param values of the type of {@code x}; its shape but along the axis, where it may be shorter
   * @param indices {@link DType#I64}, of the shape of {@code values}
   * @throws ShapeException if a shape or the axis does not fit
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if arrays share memory
   */
  public static SortSpec of(
      NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    Checks.ordered("sort", x);
    int at = x.shape().axis("sort", axis);
    Checks.dtype("sort", "values", values, x.dtype());
    Checks.dtype("sort", "indices", indices, DType.I64);
    int[] dims = x.shape().dims();
    if (values.shape().rank() == dims.length) {
      int wanted = values.shape().dim(at);
      if (wanted > dims[at]) {
        throw new ShapeException(
            "sort: "
                + wanted
                + " values are asked for along axis "
                + at
                + " of "
                + x.shape()
                + ", which has "
                + dims[at]);
      }
      dims[at] = wanted;
    }
    Checks.shape("sort", "values", values, Shape.of(dims));
    Checks.shape("sort", "indices", indices, Shape.of(dims));
    Checks.output("sort", values);
    Checks.output("sort", indices);
    Checks.apart("sort", values, x);
    Checks.apart("sort", indices, x, values);
    return new SortSpec(x, at, descending, values, indices);
  }
}
