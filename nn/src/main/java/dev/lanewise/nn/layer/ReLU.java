package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** Gives {@code max(x, 0)}, or {@code min(max(x, 0), most)}. */
public final class ReLU extends Layer {
  /** Infinite if there is no bound. */
  private final double most;

  /** Makes a layer without an upper bound. */
  public ReLU() {
    this.most = Double.POSITIVE_INFINITY;
  }

  /**
   * Makes a layer with an upper bound.
   *
   * @param most the bound, above 0; 6 in some networks for small machines
   * @throws IllegalArgumentException if it is not positive, or not finite
   */
  public ReLU(double most) {
    this.most = Checks.positive("ReLU: the bound", most);
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Double.isInfinite(most) ? x.relu() : x.hardTanh(0, most);
  }

  @Override
  public Config config() {
    Config config = Config.of(type());
    return Double.isInfinite(most) ? config : config.with("most", most);
  }

  static ReLU of(Config config) {
    return config.has("most") ? new ReLU(config.number("most")) : new ReLU();
  }
}
