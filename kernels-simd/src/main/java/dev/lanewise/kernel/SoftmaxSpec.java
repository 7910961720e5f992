package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#softmax}, {@link Backend#logSoftmax} or one of their gradients.
 *
 * @param axis the axis of the rows, from 0
 * @param out the output, of the arguments' shape
 * @param ins the arguments: the logits, or what the forward call gave and the gradient by it
 */
public record SoftmaxSpec(int axis, NdArray out, NdArray... ins) {

  /**
   * {@return the checked call}
   *
   * @param operation who asks, for the error's text
   * @param axis the axis; negative counts from the last
   * @param out the output
   * @param ins the arguments; a single one may be the output itself
   * @throws ShapeException if a shape or the axis does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with an argument and is not it
   */
  public static SoftmaxSpec of(String operation, int axis, NdArray out, NdArray... ins) {
    Checks.compute(operation, out, ins);
    int at = ins[0].shape().axis(operation, axis);
    for (NdArray in : ins) {
      Checks.shape(operation, "every argument", in, ins[0].shape());
    }
    Checks.shape(operation, "output", out, ins[0].shape());
    Checks.output(operation, out);
    if (ins.length == 1) {
      Checks.apartOrSame(operation, out, ins[0]);
    } else {
      Checks.apart(operation, out, ins);
    }
    return new SoftmaxSpec(at, out, ins);
  }
}
