package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.RecurrentLayers;
import dev.lanewise.autodiff.RecurrentOps;
import dev.lanewise.autodiff.RecurrentWeights;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * A gated recurrent unit: {@code z, r = σ of (x · kernel + b + h · recurrent_kernel + c)}, {@code g
 * = tanh(x · kernel + b + r (h · recurrent_kernel + c))}, {@code h′ = z h + (1 − z) g}; from K. Cho
 * et al., "Learning phrase representations using RNN encoder-decoder", 2014. The gates' columns
 * come in the order z, r, g, which is Keras's; PyTorch has r first. See {@link RecurrentLayer} for
 * shapes.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Bidirectional(new GRU(16)), new Dense(3, "softmax"));
 *   IO.println(model.build(50, 4).summary()); // 50 steps of 4 features
 * }
 * }
 */
public final class GRU extends RecurrentLayer<GRU> {
  private boolean resetAfter = true;

  /**
   * Makes the layer.
   *
   * @param units the numbers of the state, at least 1
   * @throws IllegalArgumentException if {@code units} is not positive
   */
  public GRU(int units) {
    super(units, 3, ActivationFunction.TANH);
  }

  /**
   * Chooses whether the reset gate follows the product with the recurrent kernel, as in Keras and
   * PyTorch and here if nobody chooses; the bias is {@code [2, 3 · units]} then, b and c. Otherwise
   * it precedes it, as the cell was published, {@code g = tanh(x · kernel + b + (r h) ·
   * recurrent_kernel)}, and the bias is {@code [3 · units]}.
   *
   * @param after whether it follows
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public GRU resetAfter(boolean after) {
    requireUnbuilt("resetAfter");
    resetAfter = after;
    return this;
  }

  @Override
  Shape biasShape(int all) {
    return resetAfter ? Shape.of(2, all) : Shape.of(all);
  }

  @Override
  RecurrentWeights recurrence() {
    boolean two = resetAfter && bias != null;
    Tensor b = two ? bias.slice(0, 0, 1).squeeze(0) : bias;
    Tensor c = two ? bias.slice(0, 1, 2).squeeze(0) : null;
    return new RecurrentWeights(
        resetFirst(kernel).transpose(),
        resetFirst(recurrentKernel).transpose(),
        resetFirst(b),
        resetFirst(c));
  }

  /** {@return the columns in the order r, z, g, which the operation takes} */
  private Tensor resetFirst(Tensor weight) {
    if (weight == null) {
      return null;
    }
    int last = weight.shape().rank() - 1;
    return Tensor.concat(
        last,
        weight.slice(last, units, 2 * units),
        weight.slice(last, 0, units),
        weight.slice(last, 2 * units, 3 * units));
  }

  @Override
  RecurrentOps.Sequence run(Tensor x, RecurrentLayers one) {
    return x.gru(one, null, resetAfter);
  }

  @Override
  GRU again() {
    return new GRU(units).resetAfter(resetAfter);
  }

  @Override
  GRU self() {
    return this;
  }

  @Override
  public Config config() {
    return super.config().with("resetAfter", resetAfter);
  }

  static GRU of(Config config) {
    return new GRU(config.integer("units")).resetAfter(config.flag("resetAfter")).recurrent(config);
  }
}
