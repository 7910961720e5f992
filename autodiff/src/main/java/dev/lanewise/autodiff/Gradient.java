package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;

/** The chain rule of one recorded operation, written in tensor operations. */
@FunctionalInterface
interface Gradient {

  /**
   * {@return the gradient by one input, or {@code null} if it is zero}
   *
   * @param input the number of the input
   * @param shape the input's shape, which the result has
   * @param up the gradient by the operation's result
   */
  Tensor by(int input, Shape shape, Tensor up);

  /**
   * {@return whether gradients are in memory that nobody else sees, unless it is that of {@code
   * up}} They may then be added to.
   */
  default boolean isNew() {
    return true;
  }

  /** Drops what was kept from one input to the next: a walk has asked for all that it wants. */
  default void forget() {}
}
