package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** The share of elements that lie on the right side of a threshold. */
public final class BinaryAccuracy implements Metric {
  private final String name;
  private final double threshold;
  private final Share share = new Share();

  /** Makes the metric for probabilities, called {@code accuracy}. */
  public BinaryAccuracy() {
    this("accuracy", 0.5);
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public BinaryAccuracy(String name, double threshold) {
    this.name = name;
    this.threshold = threshold;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("BinaryAccuracy").with("name", name).with("threshold", threshold);
  }

  @Override
  public void reset() {
    share.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    Checks.oneShape("binaryAccuracy", "predictions", predictions, "targets", targets);
    float[] scores = predictions.toFloatArray();
    float[] wanted = targets.toFloatArray();
    int right = 0;
    for (int i = 0; i < scores.length; i++) {
      right += scores[i] > threshold == wanted[i] > 0.5 ? 1 : 0;
    }
    share.add(right, scores.length);
  }

  @Override
  public double result() {
    return share.value();
  }
}
