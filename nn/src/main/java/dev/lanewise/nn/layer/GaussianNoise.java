package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * Adds normally distributed numbers with mean 0, in training; otherwise it gives its input on. As
 * those of {@link Dropout}, they follow from the model's seed.
 */
public final class GaussianNoise extends Noise {
  private final double stddev;

  /**
   * Makes the layer.
   *
   * @param stddev the standard deviation, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public GaussianNoise(double stddev) {
    this.stddev = Checks.notNegative("GaussianNoise: stddev", stddev);
  }

  @Override
  Tensor disturbed(Tensor x) {
    return x.add(random(Distribution.NORMAL, x, x.shape()).mul(stddev));
  }

  @Override
  public Config config() {
    return Config.of(type()).with("stddev", stddev);
  }

  static GaussianNoise of(Config config) {
    return new GaussianNoise(config.number("stddev"));
  }
}
