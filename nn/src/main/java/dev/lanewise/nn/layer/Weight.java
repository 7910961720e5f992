package dev.lanewise.nn.layer;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;

/** A tensor of a layer, which training changes in place if it is trainable. */
public final class Weight {
  private final String name;
  private final Tensor value;
  private final boolean trainable;

  /**
   * Makes a trainable weight.
   *
   * @param name layer and role, for example {@code dense_1/kernel}
   * @param value the numbers; the tensor stays the same while they change
   */
  public Weight(String name, Tensor value) {
    this(name, value, true);
  }

  /**
   * Makes a weight.
   *
   * @param name layer and role, for example {@code dense_1/kernel}
   * @param value the numbers; the tensor stays the same while they change
   * @param trainable whether optimizers change it
   */
  public Weight(String name, Tensor value, boolean trainable) {
    this.name = name;
    this.value = value;
    this.trainable = trainable;
  }

  /** {@return layer and role, for example {@code dense_1/kernel}} */
  public String name() {
    return name;
  }

  /** {@return the numbers; the tensor stays the same while they change} */
  public Tensor value() {
    return value;
  }

  /** {@return whether optimizers change it} */
  public boolean isTrainable() {
    return trainable;
  }

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

  /** {@return name and numbers} */
  @Override
  public String toString() {
    return name + ": " + value;
  }
}
