package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.metric.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean loss and the metrics over the batches so far. */
final class Tally {
  private final List<Metric> metrics;
  private double lossSum;
  private long samples;

  /** Starts anew: the metrics forget what they knew. */
  Tally(List<Metric> metrics) {
    this.metrics = metrics;
    for (Metric metric : metrics) {
      metric.reset();
    }
  }

  void add(double loss, Tensor predictions, Tensor targets) {
    int n = predictions.shape().dim(0);
    lossSum += loss * n;
    samples += n;
    for (Metric metric : metrics) {
      metric.update(predictions, targets);
    }
  }

  Scores scores() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", lossSum / samples);
    for (Metric metric : metrics) {
      values.put(metric.name(), metric.result());
    }
    return new Scores(values);
  }
}
