package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#scan}.
 *
 * @param op how elements are combined
 * @param x the elements
 * @param axis the axis along which, from 0
 * @param exclusive whether an element is left out of its own result
 * @param reverse whether to begin at the axis's end
 * @param out receives the results
 */
public record ScanSpec(
    ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {

  /**
   * {@return the checked call}
   *
   * @param op how elements are combined
   * @param x f32, f64, i32 or i64
   * @param axis the axis along which; negative counts from the last
   * @param exclusive whether an element is left out of its own result
   * @param reverse whether to begin at the axis's end
   * @param out of the type and shape of {@code x}
   * @throws ShapeException if a shape or the axis does not fit
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if the two share memory
   */
  public static ScanSpec of(
      ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    Checks.ordered("scan", x);
    int at = x.shape().axis("scan", axis);
    Checks.dtype("scan", "output", out, x.dtype());
    Checks.shape("scan", "output", out, x.shape());
    Checks.output("scan", out);
    Checks.apart("scan", out, x);
    return new ScanSpec(op, x, at, exclusive, reverse, out);
  }
}
