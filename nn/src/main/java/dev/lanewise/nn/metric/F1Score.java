package dev.lanewise.nn.metric;

import java.util.OptionalDouble;

/**
 * The harmonic mean of {@link Precision} and {@link Recall}, {@code 2 · hits / (2 · hits + false
 * alarms + misses)}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var f1 = new F1Score(Averaging.MACRO);
 *   f1.update(Tensor.of(new float[] {2, 0, 0, 3, 1, 0}, 3, 2), Tensor.of(new int[] {0, 1, 1}));
 *   IO.println(f1.result() + " from " + Arrays.toString(f1.perClass())); // each 0.6667
 * }
 * }
 */
public final class F1Score extends ClassMetric {

  /** Makes the metric of probabilities of yes or no, called {@code f1_score}. */
  public F1Score() {
    this("f1_score", 0.5);
  }

  /**
   * Makes the metric of answers yes or no, all elements of a batch together.
   *
   * @param name what a history calls it
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public F1Score(String name, double threshold) {
    this(name, Averaging.MICRO, threshold);
  }

  /**
   * Makes the metric of samples that belong to one class each, that of their largest prediction,
   * called {@code f1_score}. Predictions are {@code [n, c, …]}; targets are classes, {@code [n,
   * …]}, or as predictions, with the largest for the right class.
   *
   * @param averaging how the classes' numbers become one
   */
  public F1Score(Averaging averaging) {
    this("f1_score", averaging);
  }

  /**
   * Makes the metric of samples that belong to one class each, as {@link #F1Score(Averaging)} does.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   */
  public F1Score(String name, Averaging averaging) {
    super(name, "f1Score", averaging, OptionalDouble.empty());
  }

  /**
   * Makes the metric of samples that may belong to several classes. Predictions and targets are
   * {@code [n, c, …]}.
   *
   * @param name what a history calls it
   * @param averaging how the classes' numbers become one
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public F1Score(String name, Averaging averaging, double threshold) {
    super(name, "f1Score", averaging, OptionalDouble.of(threshold));
  }

  @Override
  double score(long hits, long falseAlarms, long misses, long rejections) {
    return ratio(2 * hits, 2 * hits + falseAlarms + misses);
  }
}
