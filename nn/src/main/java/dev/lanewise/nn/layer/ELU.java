package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** Gives x, or {@code alpha · (eˣ − 1)} below 0. */
public final class ELU extends Layer {
  private final double alpha;

  /** Makes a layer with an alpha of 1. */
  public ELU() {
    this(1);
  }

  /**
   * Makes the layer.
   *
   * @param alpha minus the limit far below 0, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ELU(double alpha) {
    this.alpha = Checks.notNegative("ELU: alpha", alpha);
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.elu(alpha);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("alpha", alpha);
  }

  static ELU of(Config config) {
    return new ELU(config.number("alpha"));
  }
}
