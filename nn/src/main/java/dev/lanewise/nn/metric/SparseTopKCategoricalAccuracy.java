package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * The share of samples, or of their places, whose class is among those of the k largest
 * predictions. Predictions are {@code [n, c, …]}, logits or probabilities, with the classes along
 * axis 1; labels are {@code [n, …]}, i32 or i64. Of equal predictions all are among the k if the
 * first is.
 */
public final class SparseTopKCategoricalAccuracy implements Metric {
  private final String name;
  private final TopK top;

  /** Makes the metric of the 5 largest, called {@code sparse_top_k_categorical_accuracy}. */
  public SparseTopKCategoricalAccuracy() {
    this(5);
  }

  /**
   * Makes the metric, called {@code sparse_top_k_categorical_accuracy}.
   *
   * @param k how many predictions count, at least 1
   * @throws IllegalArgumentException if {@code k} is not positive
   */
  public SparseTopKCategoricalAccuracy(int k) {
    this("sparse_top_k_categorical_accuracy", k);
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param k how many predictions count, at least 1
   * @throws IllegalArgumentException if {@code k} is not positive
   */
  public SparseTopKCategoricalAccuracy(String name, int k) {
    this.name = name;
    this.top = new TopK("sparseTopKCategoricalAccuracy", k);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("SparseTopKCategoricalAccuracy").with("name", name).with("k", top.k);
  }

  @Override
  public void reset() {
    top.share.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    top.add(ClassScores.ofLabels(top.operation, predictions, targets));
  }

  @Override
  public double result() {
    return top.share.value();
  }
}
