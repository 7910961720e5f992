package dev.lanewise.nn.metric;

import java.util.OptionalDouble;

/**
 * The share of answers yes that are right: {@code hits / (hits + false alarms)}, and 0 if there was
 * no yes.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var precision = new Precision();
 *   precision.update(Tensor.of(new float[] {0.9f, 0.8f, 0.2f}), Tensor.of(new float[] {1, 0, 1}));
 *   IO.println(precision.result()); // 0.5
 * }
 * }
 */
public final class Precision extends ClassMetric {

  /** Makes the metric of probabilities of yes or no, called {@code precision}. */
  public Precision() {
    this("precision", 0.5);
  }

  /**
   * Makes the metric of answers yes or no, all elements of a batch together.
   *
   * @param name what a history calls it
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public Precision(String name, double threshold) {
    this(name, Averaging.MICRO, threshold);
  }

  /**
   * Makes the metric of samples that belong to one class each, that of their largest prediction,
   * called {@code precision}. Predictions are {@code [n, c, …]}; targets are classes, {@code [n,
   * …]}, or as predictions, with the largest for the right class.
   *
   * @param averaging how the classes' numbers become one
   */
  public Precision(Averaging averaging) {
    this("precision", averaging);
  }

  /**
   * Makes the metric of samples that belong to one class each, as {@link #Precision(Averaging)}
   * does.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   */
  public Precision(String name, Averaging averaging) {
    super(name, "precision", averaging, OptionalDouble.empty());
  }

  /**
   * Makes the metric of samples that may belong to several classes. Predictions and targets are
   * {@code [n, c, …]}.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public Precision(String name, Averaging averaging, double threshold) {
    super(name, "precision", averaging, OptionalDouble.of(threshold));
  }

  @Override
  double score(long hits, long falseAlarms, long misses, long rejections) {
    return ratio(hits, hits + falseAlarms);
  }
}
