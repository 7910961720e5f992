package dev.lanewise.nn.metric;

import java.util.OptionalDouble;

/**
 * How much of a class's area and of what was taken for it they have in common, {@code hits / (hits
 * + false alarms + misses)}, as a mean over the classes that either has: intersection over union.
 * Each sample, or place of an image, belongs to one class, that of its largest prediction.
 * Predictions are {@code [n, c, …]}; targets are classes, {@code [n, …]}, or as predictions, with
 * the largest for the right class.
 */
public final class MeanIoU extends ClassMetric {

  /** Makes the metric, called {@code mean_io_u} as in Keras. */
  public MeanIoU() {
    this("mean_io_u");
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   */
  public MeanIoU(String name) {
    super(name, "meanIoU", Averaging.MACRO, OptionalDouble.empty());
  }

  @Override
  double score(long hits, long falseAlarms, long misses, long rejections) {
    return ratio(hits, hits + falseAlarms + misses);
  }
}
