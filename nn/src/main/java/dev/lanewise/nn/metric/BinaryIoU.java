package dev.lanewise.nn.metric;

import java.util.OptionalDouble;

/**
 * Intersection over union as in {@link MeanIoU}, of the two classes that answers yes and no make:
 * the mean of {@code hits / (hits + false alarms + misses)} and {@code rejections / (rejections +
 * false alarms + misses)}, without a class that neither targets nor predictions have. All elements
 * of a batch are taken together; predictions and targets have one shape.
 */
public final class BinaryIoU extends ClassMetric {

  /** Makes the metric of probabilities, called {@code binary_io_u} as in Keras. */
  public BinaryIoU() {
    this("binary_io_u", 0.5);
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param threshold predictions above it say yes: 0.5 for probabilities, 0 for logits
   */
  public BinaryIoU(String name, double threshold) {
    super(name, "binaryIoU", Averaging.MICRO, OptionalDouble.of(threshold));
  }

  @Override
  double score(long hits, long falseAlarms, long misses, long rejections) {
    long wrong = falseAlarms + misses;
    int classes = (hits + wrong > 0 ? 1 : 0) + (rejections + wrong > 0 ? 1 : 0);
    return (ratio(hits, hits + wrong) + ratio(rejections, rejections + wrong)) / classes;
  }
}
