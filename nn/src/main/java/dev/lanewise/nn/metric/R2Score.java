package dev.lanewise.nn.metric;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * How much of the targets' variance predictions explain: {@code 1 − Σ (target − prediction)² / Σ
 * (target − mean target)²}, 1 if they are right, 0 if they are as good as the mean. Of several
 * numbers a sample, {@code [n, …]}, it is the mean of their scores. As in scikit-learn, where the
 * targets of a number are all the same, its score is 1 if predictions are right and 0 if not.
 */
public final class R2Score implements Metric {
  private final String name;
  private long samples;
  private double[] mean = {};
  private double[] spread = {};
  private double[] error = {};

  /** Makes the metric, called {@code r2_score}. */
  public R2Score() {
    this("r2_score");
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   */
  public R2Score(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("R2Score").with("name", name);
  }

  @Override
  public void reset() {
    samples = 0;
    mean = new double[0];
    spread = new double[0];
    error = new double[0];
  }

  /**
   * Takes a batch in.
   *
   * @param predictions what the model says, {@code [n, …]}
   * @param targets what is right, of the same shape
   * @throws ShapeException if the shapes differ, or samples have not as many numbers as before
   */
  @Override
  public void update(Tensor predictions, Tensor targets) {
    Checks.oneShape("r2Score", "predictions", predictions, "targets", targets);
    int n = predictions.shape().rank() == 0 ? 0 : predictions.shape().dim(0);
    if (n == 0) {
      return;
    }
    double[] found = Numbers.doubles(predictions);
    double[] wanted = Numbers.doubles(targets);
    int columns = found.length / n;
    if (samples == 0) {
      mean = new double[columns];
      spread = new double[columns];
      error = new double[columns];
    } else if (mean.length != columns) {
      throw new ShapeException(
          "r2Score: samples have %d numbers, but those of earlier batches had %d; call reset first"
              .formatted(columns, mean.length));
    }
    for (int i = 0; i < found.length; i++) {
      int column = i % columns;
      samples += column == 0 ? 1 : 0;
      // Welford's update: Σ y² − n · mean² would lose all digits where the mean is large.
      double before = wanted[i] - mean[column];
      mean[column] += before / samples;
      spread[column] += before * (wanted[i] - mean[column]);
      error[column] += (wanted[i] - found[i]) * (wanted[i] - found[i]);
    }
  }

  /**
   * {@return the score over all batches since the last {@link #reset}; NaN of fewer than 2 samples}
   */
  @Override
  public double result() {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += spread[i] == 0 ? (error[i] == 0 ? 1 : 0) : 1 - error[i] / spread[i];
    }
    return samples < 2 ? Double.NaN : sum / mean.length;
  }
}
