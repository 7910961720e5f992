package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;
import java.util.Arrays;

/**
 * The area under a curve that answers yes or no draw as the threshold between them falls, all
 * elements of a batch together; 1 if every yes has a higher probability than every no.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var auc = new AUC();
 *   auc.update(
 *       Tensor.of(new float[] {0.1f, 0.4f, 0.35f, 0.8f}), Tensor.of(new float[] {0, 0, 1, 1}));
 *   IO.println(auc.result()); // 0.75
 * }
 * }
 *
 * <p>As in Keras, probabilities are counted between thresholds at even distances, 200 if nobody
 * says otherwise, so that memory and work do not grow with the data. The area is exact where no yes
 * and no lie between the same two thresholds, and otherwise counts half of each such pair; more
 * thresholds bring it closer.
 */
public final class AUC implements Metric {
  /** Which curve. */
  public enum Curve {
    /** The share of yes found over the share of no taken for yes; the area is by trapezoids. */
    ROC,
    /**
     * {@link Precision} over {@link Recall}, with the points between two thresholds of J. Davis and
     * M. Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006.
     */
    PR
  }

  private final String name;
  private final Curve curve;
  private final boolean fromLogits;
  private final long[] positives;
  private final long[] negatives;
  private boolean unknown;

  /** Makes the metric of probabilities and the ROC curve, called {@code auc}. */
  public AUC() {
    this(Curve.ROC);
  }

  /**
   * Makes the metric of probabilities, called {@code auc}.
   *
   * @param curve which curve
   */
  public AUC(Curve curve) {
    this("auc", curve, 200, false);
  }

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param curve which curve
   * @param thresholds how many thresholds there are, at least 2, from 0 to 1
   * @param fromLogits whether predictions are logits, of which the sigmoid gives probabilities
   * @throws IllegalArgumentException if there are fewer than 2 thresholds
   */
  public AUC(String name, Curve curve, int thresholds, boolean fromLogits) {
    if (thresholds < 2) {
      throw new IllegalArgumentException(
          "auc: there must be at least 2 thresholds, not " + thresholds);
    }
    this.name = name;
    this.curve = curve;
    this.fromLogits = fromLogits;
    this.positives = new long[thresholds - 1];
    this.negatives = new long[thresholds - 1];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config() {
    return Config.of("AUC")
        .with("name", name)
        .with("curve", curve)
        .with("thresholds", positives.length + 1)
        .with("fromLogits", fromLogits);
  }

  @Override
  public void reset() {
    Arrays.fill(positives, 0);
    Arrays.fill(negatives, 0);
    unknown = false;
  }

  /**
   * Takes a batch in.
   *
   * @param predictions how likely yes is: probabilities, or logits
   * @param targets of their shape, above 0.5 for yes
   * @throws dev.lanewise.array.ShapeException if the shapes differ
   * @throws IllegalArgumentException if a probability is not from 0 to 1; NaN makes the result NaN
   */
  @Override
  public void update(Tensor predictions, Tensor targets) {
    Checks.oneShape("auc", "predictions", predictions, "targets", targets);
    double[] scores = Numbers.doubles(predictions);
    float[] wanted = targets.toFloatArray();
    for (int i = 0; i < scores.length; i++) {
      scores[i] = fromLogits ? 1 / (1 + Math.exp(-scores[i])) : scores[i];
      if (scores[i] < 0 || scores[i] > 1) {
        throw new IllegalArgumentException(
            "auc: predictions must be probabilities, from 0 to 1, not "
                + scores[i]
                + "; for logits make it with fromLogits");
      }
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        unknown = true;
      } else {
        // A prediction that equals a threshold is not above it.
        int place = Math.max(0, (int) Math.ceil(scores[i] * positives.length) - 1);
        (wanted[i] > 0.5 ? positives : negatives)[place]++;
      }
    }
  }

  /**
   * {@return the area over all batches since the last {@link #reset}; NaN if there was no yes, or
   * no no for the ROC curve, or a prediction was NaN}
   */
  @Override
  public double result() {
    if (unknown) {
      return Double.NaN;
    }
    return switch (curve) {
      case ROC -> roc();
      case PR -> precisionRecall();
    };
  }

  private double roc() {
    double area = 0;
    long hits = 0;
    long falseAlarms = 0;
    for (int i = positives.length - 1; i >= 0; i--) {
      area += negatives[i] * (hits + positives[i] / 2.0);
      hits += positives[i];
      falseAlarms += negatives[i];
    }
    return area / ((double) hits * falseAlarms);
  }

  private double precisionRecall() {
    double area = 0;
    long hits = 0;
    long answers = 0;
    for (int i = positives.length - 1; i >= 0; i--) {
      long more = positives[i] + negatives[i];
      if (more > 0) {
        // Between two thresholds hits grow along a line; the area is the integral of its precision.
        double slope = (double) positives[i] / more;
        double atZero = hits - slope * answers;
        double ratio = answers == 0 ? 0 : Math.log((double) (answers + more) / answers);
        area += slope * (positives[i] + atZero * ratio);
      }
      hits += positives[i];
      answers += more;
    }
    return area / hits;
  }
}
