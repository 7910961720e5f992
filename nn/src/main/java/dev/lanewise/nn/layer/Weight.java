package dev.lanewise.nn.layer;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;

/**
 * A tensor that training changes, in place.
 *
 * @param name layer and role, for example {@code dense_1/kernel}
 * @param value the numbers; the tensor stays the same while they change
 */
public record Weight(String name, Tensor value) {

  /**
   * Overwrites the numbers.
   *
   * @param values in row-major order, converted to the weight's type
   * @throws ShapeException if their number is not the weight's
   */
  public void assign(float... values) {
    NdArray data = value.data();
    if (values.length != data.size()) {
      throw new ShapeException(
          "assign: "
              + name
              + " is "
              + data.shape()
              + " and needs "
              + data.size()
              + " values, not "
              + values.length);
    }
    NdArray given = NdArray.of(data.device(), values, data.shape().dims());
    value.backend().copy(given, data);
  }
}
