package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * The dropout for networks of {@code selu}: in training, each number becomes, with a probability,
 * what selu gives far below 0, and all are scaled and shifted so that mean 0 and variance 1 stay
 * what they are; otherwise it gives its input on. (Klambauer et al., Self-Normalizing Neural
 * Networks, 2017, "New Dropout Technique")
 */
public final class AlphaDropout extends Noise {
  /** The limit of selu far below 0: minus its scale times its α. */
  private static final double DROPPED = -1.0507009873554804934 * 1.6732632423543772848;

  /** Of x and a number drawn, with the rate, a factor and what is added. */
  private static final Expr KEPT =
      Expr.select(Expr.arg(1).lt(Expr.param(0)), Expr.constant(DROPPED), Expr.arg(0))
          .mul(Expr.param(1))
          .add(Expr.param(2));

  private final double rate;

  /**
   * Makes the layer.
   *
   * @param rate the probability that a number is dropped, at least 0 and less than 1
   * @throws IllegalArgumentException if it is out of range
   */
  public AlphaDropout(double rate) {
    this.rate = rate("AlphaDropout", rate);
  }

  @Override
  Tensor disturbed(Tensor x) {
    double scale = 1 / Math.sqrt((1 - rate) * (1 + rate * DROPPED * DROPPED));
    double shift = -scale * rate * DROPPED;
    Tensor drawn = random(Distribution.UNIFORM, x, x.shape());
    return Tensor.map(KEPT, new double[] {rate, scale, shift}, x, drawn);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("rate", rate);
  }

  static AlphaDropout of(Config config) {
    return new AlphaDropout(config.number("rate"));
  }
}
