package dev.lanewise.nn.metric;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;

/**
 * The share of samples whose largest prediction is that of their class. Predictions are {@code [n,
 * c]}, logits or probabilities; labels are {@code [n]}.
 */
public final class SparseCategoricalAccuracy implements Metric {
  private final String name;
  private final Share share = new Share();

  /** Makes the metric, called {@code accuracy}. */
  public SparseCategoricalAccuracy() {
    this("accuracy");
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   */
  public SparseCategoricalAccuracy(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void reset() {
    share.reset();
  }

  @Override
  public void update(Tensor predictions, Tensor targets) {
    if (predictions.shape().rank() != 2
        || targets.shape().rank() != 1
        || predictions.shape().dim(0) != targets.shape().dim(0)) {
      throw new ShapeException(
          "sparseCategoricalAccuracy: predictions must be [n, c] and labels [n], not "
              + predictions.shape()
              + " and "
              + targets.shape());
    }
    // In Java: for the few numbers of a batch, a kernel call costs more than this loop.
    float[] scores = predictions.toFloatArray();
    long[] labels = targets.toLongArray();
    int classes = predictions.shape().dim(1);
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += largest(scores, i * classes, classes) == labels[i] ? 1 : 0;
    }
    share.add(right, labels.length);
  }

  private static int largest(float[] scores, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = scores[from + i] > scores[from + best] ? i : best;
    }
    return best;
  }

  @Override
  public double result() {
    return share.value();
  }
}
