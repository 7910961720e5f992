package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * The share of rows whose largest prediction is that of their largest target. Predictions are
 * logits or probabilities; targets are the probability of each class, for example 1 and 0.
 */
public final class CategoricalAccuracy implements Metric {
  private final String name;
  private final int axis;
  private final Share share = new Share();

  /** Makes the metric of classes along the last axis, called {@code accuracy}. */
  public CategoricalAccuracy() {
    this("accuracy", -1);
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param axis the axis of the classes; negative counts from the last
   */
  public CategoricalAccuracy(String name, int axis) {
    this.name = name;
    this.axis = axis;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("CategoricalAccuracy").with("name", name).with("axis", axis);
  }

  @Override
  public void reset() {
    share.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    Checks.oneShape("categoricalAccuracy", "predictions", predictions, "targets", targets);
    long[] found = predictions.argMax(axis).toLongArray();
    long[] wanted = targets.argMax(axis).toLongArray();
    int right = 0;
    for (int i = 0; i < found.length; i++) {
      right += found[i] == wanted[i] ? 1 : 0;
    }
    share.add(right, found.length);
  }

  @Override
  public double result() {
    return share.value();
  }
}
