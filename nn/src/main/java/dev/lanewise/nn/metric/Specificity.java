package dev.lanewise.nn.metric;

import java.util.OptionalDouble;

/**
 * The share of what is not wanted that was left out: {@code rejections / (rejections + false
 * alarms)}, and 0 if everything was wanted.
 */
public final class Specificity extends ClassMetric {

  /** Makes the metric of probabilities of yes or no, called {@code specificity}. */
  public Specificity() {
    this("specificity", 0.5);
  }

  /**
   * Makes the metric of answers yes or no, all elements of a batch together.
   *
   * @param name what a history calls it
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public Specificity(String name, double threshold) {
    this(name, Averaging.MICRO, threshold);
  }

  /**
   * Makes the metric of samples that belong to one class each, that of their largest prediction,
   * called {@code specificity}. Predictions are {@code [n, c, …]}; targets are classes, {@code [n,
   * …]}, or as predictions, with the largest for the right class.
   *
   * @param averaging how the classes' numbers become one
   */
  public Specificity(Averaging averaging) {
    this("specificity", averaging);
  }

  /**
   * Makes the metric of samples that belong to one class each, as {@link #Specificity(Averaging)}
   * does.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   */
  public Specificity(String name, Averaging averaging) {
    super(name, "specificity", averaging, OptionalDouble.empty());
  }

  /**
   * Makes the metric of samples that may belong to several classes. Predictions and targets are
   * {@code [n, c, …]}.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public Specificity(String name, Averaging averaging, double threshold) {
    super(name, "specificity", averaging, OptionalDouble.of(threshold));
  }

  @Override
  double score(long hits, long falseAlarms, long misses, long rejections) {
    return ratio(rejections, rejections + falseAlarms);
  }
}
