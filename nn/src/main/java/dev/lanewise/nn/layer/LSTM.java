package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.RecurrentLayers;
import dev.lanewise.autodiff.RecurrentOps;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;

/**
 * A long short-term memory: {@code i, f, g, o = σ, σ, tanh, σ of (x · kernel + bias + h ·
 * recurrent_kernel)}, {@code c′ = f c + i g}, {@code h′ = o tanh(c′)}; from S. Hochreiter and J.
 * Schmidhuber, "Long short-term memory", 1997, with forget gates. The gates' columns come in this
 * order, which is Keras's and PyTorch's. See {@link RecurrentLayer} for shapes.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model =
 *       Sequential.of(new LSTM(32).returnSequences(true), new LSTM(32), new Dense(1, "sigmoid"));
 *   IO.println(model.build(50, 4).summary()); // 50 steps of 4 features
 * }
 * }
 */
public final class LSTM extends RecurrentLayer<LSTM> {
  private boolean unitForgetBias = true;

  /**
   * Makes the layer.
   *
   * @param units the numbers of the state, at least 1
   * @throws IllegalArgumentException if {@code units} is not positive
   */
  public LSTM(int units) {
    super(units, 4, ActivationFunction.TANH);
  }

  /**
   * Chooses whether the bias of the forget gates starts with 1, whatever the initializer, so that
   * states are kept at first; it does if nobody chooses. From R. Jozefowicz et al., "An empirical
   * exploration of recurrent network architectures", ICML 2015.
   *
   * @param ones whether it does
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public LSTM unitForgetBias(boolean ones) {
    requireUnbuilt("unitForgetBias");
    unitForgetBias = ones;
    return this;
  }

  @Override
  protected void createWeights(Shape input) {
    super.createWeights(input);
    if (unitForgetBias && bias != null) {
      Initializer.constant(1).fill(bias.data().slice(0, units, 2 * units), new Fans(1, 1), null);
    }
  }

  @Override
  RecurrentOps.Sequence run(Tensor x, RecurrentLayers one) {
    RecurrentOps.LstmSequence states = x.lstm(one);
    return new RecurrentOps.Sequence(states.outputs(), states.hidden());
  }

  @Override
  LSTM again() {
    return new LSTM(units).unitForgetBias(unitForgetBias);
  }

  @Override
  LSTM self() {
    return this;
  }

  @Override
  public Config config() {
    return super.config().with("unitForgetBias", unitForgetBias);
  }

  static LSTM of(Config config) {
    return new LSTM(config.integer("units"))
        .unitForgetBias(config.flag("unitForgetBias"))
        .recurrent(config);
  }
}
