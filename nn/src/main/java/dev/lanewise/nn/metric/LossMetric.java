package dev.lanewise.nn.metric;

import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.loss.Reduction;

/** The mean of a loss over all elements, rows or samples of all batches. */
final class LossMetric implements Metric {
  private final String name;
  private final Loss loss;
  private final double factor;
  private double sum;
  private long count;

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param loss the loss
   * @param factor what the mean is multiplied with: −1 for a loss that is less what users ask for
   */
  LossMetric(String name, Loss loss, double factor) {
    this.name = name;
    this.loss = loss;
    this.factor = factor;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("LossMetric")
        .with("name", name)
        .with("loss", loss.config())
        .with("factor", factor);
  }

  @Override
  public void reset() {
    sum = 0;
    count = 0;
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    double[] losses;
    try (Scope _ = Scope.open("metric");
        Grad _ = Grad.off()) {
      losses = Numbers.doubles(loss.apply(predictions, targets, Reduction.NONE));
    }
    for (double each : losses) {
      sum += each;
    }
    count += losses.length - ignored(targets);
  }

  private int ignored(Tensor targets) {
    int ignored = 0;
    if (loss.ignoredLabel().isPresent()) {
      for (long label : targets.toLongArray()) {
        ignored += label == loss.ignoredLabel().getAsLong() ? 1 : 0;
      }
    }
    return ignored;
  }

  @Override
  public double result() {
    return factor * sum / count;
  }
}
