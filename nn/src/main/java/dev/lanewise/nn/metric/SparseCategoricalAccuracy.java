package dev.lanewise.nn.metric;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.OptionalLong;

/**
 * The share of samples, or of their places, whose largest prediction is that of their class.
 * Predictions are {@code [n, c, …]}, logits or probabilities, with the classes along axis 1; labels
 * are {@code [n, …]}.
 */
public final class SparseCategoricalAccuracy implements Metric {
  private final String name;
  private final OptionalLong ignored;
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
    this(name, OptionalLong.empty());
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param ignored the label of what does not count, if there is one
   */
  public SparseCategoricalAccuracy(String name, OptionalLong ignored) {
    this.name = name;
    this.ignored = ignored;
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
    Shape shape = predictions.shape();
    if (shape.rank() < 2 || !targets.shape().equals(shape.reduced(new int[] {1}, false))) {
      throw new ShapeException(
          "sparseCategoricalAccuracy: predictions must be [n, c, …] and labels [n, …], not "
              + shape
              + " and "
              + targets.shape());
    }
    // In Java: for the few numbers of a batch, a kernel call costs more than this loop.
    float[] scores = predictions.toFloatArray();
    long[] labels = targets.toLongArray();
    int classes = shape.dim(1);
    int places = shape.dim(0) == 0 ? 0 : labels.length / shape.dim(0);
    int right = 0;
    int all = 0;
    for (int i = 0; i < labels.length; i++) {
      if (ignored.isPresent() && labels[i] == ignored.getAsLong()) {
        continue;
      }
      int first = i / places * classes * places + i % places;
      right += largest(scores, first, places, classes) == labels[i] ? 1 : 0;
      all++;
    }
    share.add(right, all);
  }

  private static int largest(float[] scores, int from, int step, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = scores[from + i * step] > scores[from + best * step] ? i : best;
    }
    return best;
  }

  @Override
  public double result() {
    return share.value();
  }
}
