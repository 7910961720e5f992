package dev.lanewise.nn.layer;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.Optional;

/** A tensor of a layer, which training changes in place if it is trainable. */
public final class Weight {
  private String name;
  private final Tensor value;
  private final boolean learns;
  private final Optional<Regularizer> regularizer;
  private final Optional<Constraint> constraint;
  private boolean frozen;

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
    this(name, value, trainable, Optional.empty(), Optional.empty());
  }

  Weight(
      String name,
      Tensor value,
      boolean learns,
      Optional<Regularizer> regularizer,
      Optional<Constraint> constraint) {
    this.name = name;
    this.value = value;
    this.learns = learns;
    this.regularizer = regularizer;
    this.constraint = constraint;
  }

  /** {@return layer and role, for example {@code dense_1/kernel}} */
  public String name() {
    return name;
  }

  /** Gives the weight's role another path. */
  void nameBehind(String prefix) {
    name = prefix + name.substring(name.lastIndexOf('/') + 1);
  }

  /** {@return the numbers; the tensor stays the same while they change} */
  public Tensor value() {
    return value;
  }

  /** {@return whether optimizers change it; not if its layer is not {@link Layer#trainable}} */
  public boolean isTrainable() {
    return learns && !frozen;
  }

  void freeze(boolean frozen) {
    this.frozen = frozen;
    value.requiresGrad(isTrainable());
  }

  /** {@return what it adds to the loss, if anything} */
  public Optional<Regularizer> regularizer() {
    return regularizer;
  }

  /** {@return what is done to it after each step, if anything} */
  public Optional<Constraint> constraint() {
    return constraint;
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

  /**
   * Overwrites the numbers with those of a tensor, of any backend.
   *
   * @param values of the weight's shape and type
   * @throws ShapeException if the shape is another
   * @throws DTypeException if the type is another
   */
  public void assign(Tensor values) {
    String misfit =
        "assign: %s is %s %s and can not be %s %s"
            .formatted(name, value.dtype(), value.shape(), values.dtype(), values.shape());
    if (!values.shape().equals(value.shape())) {
      throw new ShapeException(misfit);
    }
    if (values.dtype() != value.dtype()) {
      throw new DTypeException(misfit);
    }
    value.backend().copy(values.to(value.backend()).data(), value.data());
    value.changed("assign");
  }

  /** {@return name and numbers} */
  @Override
  public String toString() {
    return name + ": " + value;
  }
}
