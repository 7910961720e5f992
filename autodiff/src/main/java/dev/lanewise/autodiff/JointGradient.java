package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;

/**
 * The chain rule of an operation whose kernel gives the gradients by all inputs at once. They are
 * computed when the first is asked for, and handed out one by one.
 */
abstract class JointGradient implements Gradient {
  private Tensor known;
  private Tensor[] gradients;

  /** {@return the gradients by all inputs, in their order} */
  abstract Tensor[] byAll(Tensor up);

  @Override
  public final Tensor by(int input, Shape shape, Tensor up) {
    if (known != up) {
      gradients = byAll(up);
      known = up;
    }
    return gradients[input];
  }
}
