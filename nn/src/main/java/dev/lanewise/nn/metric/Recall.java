package dev.lanewise.nn.metric;

import java.util.OptionalDouble;

/**
 * The share of what is wanted that was found, also called sensitivity: {@code hits / (hits +
 * misses)}, and 0 if nothing was wanted.
 */
public final class Recall extends ClassMetric {

  /** Makes the metric of probabilities of yes or no, called {@code recall}. */
  public Recall() {
    this("recall", 0.5);
  }

  /**
   * Makes the metric of answers yes or no, all elements of a batch together.
   *
   * @param name what a history calls it
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public Recall(String name, double threshold) {
    this(name, Averaging.MICRO, threshold);
  }

  /**
   * Makes the metric of samples that belong to one class each, that of their largest prediction,
   * called {@code recall}. Predictions are {@code [n, c, …]}; targets are classes, {@code [n, …]},
   * or as predictions, with the largest for the right class.
   *
   * @param averaging how the classes' numbers become one
   */
  public Recall(Averaging averaging) {
    this("recall", averaging);
  }

  /**
   * Makes the metric of samples that belong to one class each, as {@link #Recall(Averaging)} does.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   */
  public Recall(String name, Averaging averaging) {
    super(name, "recall", averaging, OptionalDouble.empty());
  }

  /**
   * Makes the metric of samples that may belong to several classes. Predictions and targets are
   * {@code [n, c, …]}.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public Recall(String name, Averaging averaging, double threshold) {
    super(name, "recall", averaging, OptionalDouble.of(threshold));
  }

  @Override
  double score(long hits, long falseAlarms, long misses, long rejections) {
    return ratio(hits, hits + misses);
  }
}
