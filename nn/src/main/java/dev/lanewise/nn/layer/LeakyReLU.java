package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** Gives x, or {@code slope · x} below 0. */
public final class LeakyReLU extends Layer {
  private final double slope;

  /** Makes a layer with Keras's slope, 0.3; PyTorch's is 0.01. */
  public LeakyReLU() {
    this(0.3);
  }

  /**
   * Makes the layer.
   *
   * @param slope the slope below 0, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public LeakyReLU(double slope) {
    this.slope = Checks.notNegative("LeakyReLU: slope", slope);
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.leakyRelu(slope);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("slope", slope);
  }

  static LeakyReLU of(Config config) {
    return new LeakyReLU(config.number("slope"));
  }
}
