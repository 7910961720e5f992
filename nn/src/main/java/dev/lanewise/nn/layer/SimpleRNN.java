package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.RecurrentLayers;
import dev.lanewise.autodiff.RecurrentOps;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.config.Config;

/**
 * A plain recurrent network: {@code h′ = activation(x · kernel + bias + h · recurrent_kernel)}. See
 * {@link RecurrentLayer} for shapes.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new SimpleRNN(8), new Dense(1));
 *   IO.println(model.build(20, 3).summary()); // 20 steps of 3 features
 * }
 * }
 */
public final class SimpleRNN extends RecurrentLayer<SimpleRNN> {
  private final UnaryOp function;

  /**
   * Makes a layer with the hyperbolic tangent.
   *
   * @param units the numbers of the state, at least 1
   * @throws IllegalArgumentException if {@code units} is not positive
   */
  public SimpleRNN(int units) {
    this(units, ActivationFunction.TANH);
  }

  /**
   * Makes a layer.
   *
   * @param units the numbers of the state, at least 1
   * @param activation the activation function's name: {@code "tanh"}, {@code "relu"}, {@code
   *     "sigmoid"} or another whose derivative follows from its value
   * @throws IllegalArgumentException if {@code units} is not positive, there is no such name, or
   *     the function is not such a one
   */
  public SimpleRNN(int units, String activation) {
    this(units, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer.
   *
   * @param units the numbers of the state, at least 1
   * @param activation a function whose derivative follows from its value
   * @throws IllegalArgumentException if {@code units} is not positive, or the function is not such
   *     a one
   */
  public SimpleRNN(int units, ActivationFunction activation) {
    super(units, 1, activation);
    function =
        activation
            .elementwise()
            .filter(op -> op.keeps() == UnaryOp.Keeps.OUTPUT)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "SimpleRNN: the derivative of the activation must follow from its value, as"
                            + " those of tanh, relu and sigmoid do, not "
                            + activation));
  }

  @Override
  RecurrentOps.Sequence run(Tensor x, RecurrentLayers one) {
    return x.rnn(one, null, function);
  }

  @Override
  SimpleRNN again() {
    return new SimpleRNN(units, activation);
  }

  @Override
  SimpleRNN self() {
    return this;
  }

  static SimpleRNN of(Config config) {
    return new SimpleRNN(config.integer("units"), config.text("activation")).recurrent(config);
  }
}
