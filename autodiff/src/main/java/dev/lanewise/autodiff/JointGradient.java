package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;

/**
 * The chain rule of an operation whose kernel gives the gradients by all inputs at once. They are
 * computed when a walk asks for the first, and handed out to that walk one by one.
 */
abstract class JointGradient implements Gradient {
  private Tensor[] gradients;

  /** {@return the gradients by all inputs, in their order} */
  abstract Tensor[] byAll(Tensor up);

  @Override
  public final Tensor by(int input, Shape shape, Tensor up) {
    if (gradients == null) {
      gradients = byAll(up);
    }
    return gradients[input];
  }

  @Override
  public void forget() {
    gradients = null;
  }
}
