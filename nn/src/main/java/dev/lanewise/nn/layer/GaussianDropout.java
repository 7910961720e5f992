package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.nn.config.Config;

/**
 * Multiplies by normally distributed numbers with mean 1 and the variance of {@link Dropout}'s
 * factors, {@code rate / (1 − rate)}, in training; otherwise it gives its input on. (Srivastava et
 * al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014, section 10)
 */
public final class GaussianDropout extends Noise {
  private final double rate;

  /**
   * Makes the layer.
   *
   * @param rate that of the dropout with the same variance, at least 0 and less than 1
   * @throws IllegalArgumentException if it is out of range
   */
  public GaussianDropout(double rate) {
    this.rate = rate("GaussianDropout", rate);
  }

  @Override
  Tensor disturbed(Tensor x) {
    Tensor drawn = random(Distribution.NORMAL, x, x.shape());
    return x.mul(drawn.mul(Math.sqrt(rate / (1 - rate))).add(1));
  }

  @Override
  public Config config() {
    return Config.of(type()).with("rate", rate);
  }

  static GaussianDropout of(Config config) {
    return new GaussianDropout(config.number("rate"));
  }
}
