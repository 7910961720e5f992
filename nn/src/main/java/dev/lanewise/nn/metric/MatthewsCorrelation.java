package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * How predicted and right classes correlate, from −1 to 1; 0 for a guess, however unequal the
 * classes are, and where only one class was predicted or is right. Predictions and targets are
 * those of {@link ConfusionMatrix#update}. From J. Gorodkin, "Comparing two K-category assignments
 * by a K-category correlation coefficient", 2004, section 2.
 */
public final class MatthewsCorrelation implements Metric {
  private final String name;
  private final ConfusionMatrix matrix = new ConfusionMatrix();

  /** Makes the metric, called {@code matthews_correlation}. */
  public MatthewsCorrelation() {
    this("matthews_correlation");
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   */
  public MatthewsCorrelation(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("MatthewsCorrelation").with("name", name);
  }

  @Override
  public void reset() {
    matrix.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    matrix.update(predictions, targets);
  }

  @Override
  public double result() {
    long[][] counts = matrix.counts();
    double all = matrix.total();
    double right = 0;
    double both = 0;
    double predictedSquares = 0;
    double wantedSquares = 0;
    for (int i = 0; i < counts.length; i++) {
      double predicted = 0;
      double wanted = 0;
      for (int j = 0; j < counts.length; j++) {
        predicted += counts[j][i];
        wanted += counts[i][j];
      }
      right += counts[i][i];
      both += predicted * wanted;
      predictedSquares += predicted * predicted;
      wantedSquares += wanted * wanted;
    }
    double spreads = (all * all - predictedSquares) * (all * all - wantedSquares);
    if (all == 0) {
      return Double.NaN;
    }
    return spreads == 0 ? 0 : (right * all - both) / Math.sqrt(spreads);
  }
}
