package dev.lanewise.nn.plot;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;

/** The classes that predictions stand for. */
final class PredictedClasses {
  /** The class of a prediction that is NaN. */
  static final int NONE = -1;

  private PredictedClasses() {}

  /**
   * {@return a class for each sample}
   *
   * @param who who asks, for the error's text
   * @param predictions {@code [n]} or {@code [n, 1]}: classes if they are of an integer type, else
   *     probabilities of class 1; {@code [n, k]}: scores, of which the highest wins
   * @param n the number of samples
   * @param classes the number of classes
   */
  static int[] of(String who, Tensor predictions, int n, int classes) {
    int[] dims = predictions.shape().dims();
    int columns = dims.length == 2 ? dims[1] : 1;
    boolean whole = !predictions.dtype().isFloating();
    boolean fits = dims.length >= 1 && dims.length <= 2 && dims[0] == n;
    if (!fits || !(columns == classes || (columns == 1 && (whole || classes <= 2)))) {
      throw new ShapeException(
          "%s: predictions for %d samples of %d classes must be [%d, %d] scores%s, but are %s"
              .formatted(
                  who,
                  n,
                  classes,
                  n,
                  classes,
                  classes > 2 ? "" : ", or [%d] or [%d, 1] probabilities".formatted(n, n),
                  predictions.shape()));
    }
    double[] all = predictions.toDoubleArray();
    int[] result = new int[n];
    for (int i = 0; i < n; i++) {
      if (columns > 1) {
        result[i] = highest(Arrays.copyOfRange(all, i * columns, (i + 1) * columns));
      } else if (whole) {
        result[i] = checked(who, all[i], classes);
      } else {
        result[i] = byProbability(who, all[i]);
      }
    }
    return result;
  }

  private static int checked(String who, double label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "%s: predicted classes must be from 0 to %d, but one is %d"
              .formatted(who, classes - 1, (long) label));
    }
    return (int) label;
  }

  private static int byProbability(String who, double p) {
    if (p < 0 || p > 1) {
      throw new IllegalArgumentException(
          who
              + ": predictions of one column are probabilities from 0 to 1, but one is "
              + p
              + "; if they are logits, add a sigmoid: x -> model.predict(x).sigmoid()");
    }
    return Double.isNaN(p) ? NONE : p > 0.5 ? 1 : 0;
  }

  private static int highest(double[] scores) {
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        return NONE;
      }
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
