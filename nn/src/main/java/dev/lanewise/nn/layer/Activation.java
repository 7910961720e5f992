package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.Locale;

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

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if the function is one of rows, as the softmax, and a sample has no axis
   *     to sum along
   */
  @Override
  public Shape outputShape(Shape input) {
    if (function.isOfRows() && input.rank() == 0) {
      throw new ShapeException(
          "%s: %s needs samples with an axis, [n, classes], not [n]"
              .formatted(describe(), function.name().toLowerCase(Locale.ROOT)));
    }
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return function.apply(x);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("function", function);
  }

  static Activation of(Config config) {
    return new Activation(config.text("function"));
  }
}
