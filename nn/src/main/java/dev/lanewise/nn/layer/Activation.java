package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;

/** Applies an activation function; has no weights. */
public final class Activation extends Layer {
  private final ActivationFunction function;

  /**
   * Makes the layer of a function.
   *
   * @param function the function
   */
  public Activation(ActivationFunction function) {
    this.function = function;
  }

  /**
   * Makes the layer of a function.
   *
   * @param function its name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if there is none of this name
   */
  public Activation(String function) {
    this(ActivationFunction.named(function));
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return function.apply(x);
  }
}
