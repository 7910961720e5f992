package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#argMax} or {@link Backend#argMin}.
 *
 * @param x where to look
 * @param axis the axis that disappears, from 0
 * @param out {@link DType#I64}, the shape of {@code x} without the axis
 */
public record ArgMaxSpec(NdArray x, int axis, NdArray out) {

  /**
   * {@return the checked call}
   *
   * @param operation who asks, for the error's text
   * @param x where to look: f32, f64, i32 or i64
   * @param axis the axis that disappears; negative counts from the last
   * @param out {@link DType#I64}, the shape of {@code x} without the axis
   * @throws ShapeException if a shape or the axis does not fit, or the axis is empty
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if the output shares memory with {@code x}
   */
  public static ArgMaxSpec of(String operation, NdArray x, int axis, NdArray out) {
    Checks.ordered(operation, x);
    int at = x.shape().axis(operation, axis);
    if (x.shape().dim(at) == 0) {
      throw new ShapeException(
          operation
              + ": axis "
              + at
              + " of "
              + x.shape()
              + " is empty; there is no element to find");
    }
    Checks.dtype(operation, "output", out, DType.I64);
    Checks.shape(operation, "output", out, x.shape().reduced(new int[] {at}, false));
    Checks.output(operation, out);
    Checks.apart(operation, out, x);
    return new ArgMaxSpec(x, at, out);
  }
}
