package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#argMax}.
 *
 * @param x where to look
 * @param axis the axis that disappears, from 0
 * @param out {@link DType#I64}, the shape of {@code x} without the axis
 */
public record ArgMaxSpec(NdArray x, int axis, NdArray out) {

  /**
   * {@return the checked call}
   *
   * @param x where to look
   * @param axis the axis that disappears; negative counts from the last
   * @param out {@link DType#I64}, the shape of {@code x} without the axis
   * @throws ShapeException if a shape or the axis does not fit, or the axis is empty
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if the output shares memory with {@code x}
   */
  public static ArgMaxSpec of(NdArray x, int axis, NdArray out) {
    Checks.compute("argMax", x);
    int at = x.shape().axis("argMax", axis);
    if (x.shape().dim(at) == 0) {
      throw new ShapeException(
          "argMax: axis " + at + " of " + x.shape() + " is empty; there is no largest element");
    }
    Checks.dtype("argMax", "output", out, DType.I64);
    Checks.shape("argMax", "output", out, x.shape().reduced(new int[] {at}, false));
    Checks.output("argMax", out);
    Checks.apart("argMax", out, x);
    return new ArgMaxSpec(x, at, out);
  }
}
