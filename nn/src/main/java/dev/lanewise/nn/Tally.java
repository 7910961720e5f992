package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.metric.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean loss and the metrics over the batches so far. */
final class Tally {
  private final List<String> names;
  private final List<Head> heads;
  private final double[] headSums;
  private double lossSum;
  private long samples;
  private double batchLoss;

  /**
   * Starts anew: the metrics forget what they knew.
   *
   * @param names the names of the outputs
   * @param heads what each output learns by
   */
  Tally(List<String> names, List<Head> heads) {
    this.names = names;
    this.heads = heads;
    this.headSums = new double[heads.size()];
    for (Head head : heads) {
      head.metrics().forEach(Metric::reset);
    }
  }

  /**
   * Takes a batch in.
   *
   * @param loss the loss that is made small
   * @param losses the loss of each output
   * @param predictions what the model says
   * @param targets what is right
   */
  void add(double loss, double[] losses, List<Tensor> predictions, List<Tensor> targets) {
    int n = predictions.getFirst().shape().dim(0);
    batchLoss = loss;
    lossSum += loss * n;
    samples += n;
    for (int i = 0; i < headSums.length; i++) {
      headSums[i] += losses[i] * n;
      for (Metric metric : heads.get(i).metrics()) {
        metric.update(predictions.get(i), targets.get(i));
      }
    }
  }

  /** {@return how many samples there were} */
  long samples() {
    return samples;
  }

  /** {@return the loss of the last batch} */
  double batchLoss() {
    return batchLoss;
  }

  /** {@return the mean loss; NaN if there was no batch} */
  double loss() {
    return lossSum / samples;
  }

  Scores scores() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", loss());
    for (int i = 0; i < headSums.length && headSums.length > 1; i++) {
      values.put(names.get(i) + "_loss", headSums[i] / samples);
    }
    for (int i = 0; i < headSums.length; i++) {
      for (Metric metric : heads.get(i).metrics()) {
        values.put(name(names, heads, i, metric), metric.result());
      }
    }
    return new Scores(values);
  }

  /** {@return what a history calls a metric of an output} */
  static String name(List<String> names, List<Head> heads, int output, Metric metric) {
    return heads.size() == 1 ? metric.name() : names.get(output) + "_" + metric.name();
  }
}
