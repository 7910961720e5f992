package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.OptionalLong;

/**
 * The share of samples, or of their places, whose largest prediction is that of their class.
 * Predictions are {@code [n, c, …]}, logits or probabilities, with the classes along axis 1; labels
 * are {@code [n, …]}, i32 or i64.
 */
public final class SparseCategoricalAccuracy implements Metric {
  private final String name;
  private final OptionalLong ignored;
  private final Share share = new Share();

  /** Makes the metric, called {@code accuracy}. */
  public SparseCategoricalAccuracy() {
    this("accuracy");
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   */
  public SparseCategoricalAccuracy(String name) {
    this(name, OptionalLong.empty());
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param ignored the label of what does not count, if there is one
   */
  public SparseCategoricalAccuracy(String name, OptionalLong ignored) {
    this.name = name;
    this.ignored = ignored;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("SparseCategoricalAccuracy").with("name", name).with("ignored", ignored);
  }

  @Override
  public void reset() {
    share.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    ClassScores scores = ClassScores.ofLabels("sparseCategoricalAccuracy", predictions, targets);
    int right = 0;
    int all = 0;
    for (int i = 0; i < scores.size(); i++) {
      if (ignored.isPresent() && scores.label(i) == ignored.getAsLong()) {
        continue;
      }
      right += scores.largest(i) == scores.label(i) ? 1 : 0;
      all++;
    }
    share.add(right, all);
  }

  @Override
  public double result() {
    return share.value();
  }
}
