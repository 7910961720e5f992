package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * How far predictions are from targets of their shape: the square root of the mean of {@code
 * (prediction − target)²} over all elements of all batches.
 */
public final class RootMeanSquaredError implements Metric {
  private final String name;
  private double sum;
  private long count;

  /** Makes the metric, called {@code root_mean_squared_error}. */
  public RootMeanSquaredError() {
    this("root_mean_squared_error");
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   */
  public RootMeanSquaredError(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("RootMeanSquaredError").with("name", name);
  }

  @Override
  public void reset() {
    sum = 0;
    count = 0;
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    Checks.oneShape("rootMeanSquaredError", "predictions", predictions, "targets", targets);
    double[] found = Numbers.doubles(predictions);
    double[] wanted = Numbers.doubles(targets);
    for (int i = 0; i < found.length; i++) {
      double distance = found[i] - wanted[i];
      sum += distance * distance;
    }
    count += found.length;
  }

  @Override
  public double result() {
    return Math.sqrt(sum / count);
  }
}
