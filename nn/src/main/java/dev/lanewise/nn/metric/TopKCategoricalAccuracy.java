package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * The share of samples, or of their places, whose class is among those of the k largest
 * predictions. Predictions are {@code [n, c, …]}, logits or probabilities, with the classes along
 * axis 1; targets are of their shape, with the largest for the right class. Of equal predictions
 * all are among the k if the first is.
 */
public final class TopKCategoricalAccuracy implements Metric {
  private final String name;
  private final TopK top;

  /** Makes the metric of the 5 largest, called {@code top_k_categorical_accuracy}. */
  public TopKCategoricalAccuracy() {
    this(5);
  }

  /**
   * Makes the metric, called {@code top_k_categorical_accuracy}.
   *
   * @param k how many predictions count, at least 1
   * @throws IllegalArgumentException if {@code k} is not positive
   */
  public TopKCategoricalAccuracy(int k) {
    this("top_k_categorical_accuracy", k);
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param k how many predictions count, at least 1
   * @throws IllegalArgumentException if {@code k} is not positive
   */
  public TopKCategoricalAccuracy(String name, int k) {
    this.name = name;
    this.top = new TopK("topKCategoricalAccuracy", k);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("TopKCategoricalAccuracy").with("name", name).with("k", top.k);
  }

  @Override
  public void reset() {
    top.share.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    top.add(ClassScores.ofOneHot(top.operation, predictions, targets));
  }

  @Override
  public double result() {
    return top.share.value();
  }
}
