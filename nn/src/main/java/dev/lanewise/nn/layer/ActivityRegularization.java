package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Gives its input on, and adds a penalty on it to the loss: {@code l1 · Σ |x| + l2 · Σ x²}, the
 * mean over the samples. It is what {@link Layer#activityRegularizer} does for the layer before it.
 */
public final class ActivityRegularization extends Layer {
  private final double l1;
  private final double l2;

  /**
   * Makes the layer.
   *
   * @param l1 how much the absolute values count, at least 0
   * @param l2 how much the squares count, at least 0
   * @throws IllegalArgumentException if one is negative or not finite
   */
  public ActivityRegularization(double l1, double l2) {
    this.l1 = l1;
    this.l2 = l2;
    activityRegularizer(Regularizer.l1l2(l1, l2));
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x;
  }

  @Override
  public Config config() {
    return Config.of(type()).with("l1", l1).with("l2", l2);
  }

  static ActivityRegularization of(Config config) {
    return new ActivityRegularization(config.number("l1"), config.number("l2"));
  }
}
