package dev.lanewise.nn.internal;

import java.util.Locale;
import java.util.Set;

/** Whether a number that is reported is better when it is less, or when it is more. */
public enum Direction {
  /** Less is better, as of a loss. */
  MIN,
  /** More is better, as of an accuracy. */
  MAX;

  private static final Set<String> LESS =
      Set.of(
          "loss",
          "error",
          "mse",
          "mae",
          "mape",
          "msle",
          "rmse",
          "huber",
          "cosh",
          "hinge",
          "crossentropy",
          "bce",
          "divergence",
          "kld",
          "poisson",
          "perplexity");
  private static final Set<String> MORE =
      Set.of(
          "accuracy",
          "acc",
          "auc",
          "precision",
          "recall",
          "specificity",
          "f1",
          "iou",
          "dice",
          "correlation",
          "r2",
          "score");

  /**
   * {@return the direction that is called for}
   *
   * @param who who asks, for the error's text
   * @param name what the number is called
   * @param mode {@code "min"}, {@code "max"}, or {@code "auto"} to tell by the name
   * @throws IllegalArgumentException if the mode is none of these, or the name does not tell
   */
  public static Direction of(String who, String name, String mode) {
    return switch (mode) {
      case "min" -> MIN;
      case "max" -> MAX;
      case "auto" -> byName(who, name);
      default ->
          throw new IllegalArgumentException(
              who + ": mode must be min, max or auto, not '" + mode + "'");
    };
  }

  private static Direction byName(String who, String name) {
    // The last word that is known decides: output_1_loss, meanAbsoluteError, mean_io_u.
    String words = name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace("io_u", "iou");
    Direction found = null;
    for (String word : words.toLowerCase(Locale.ROOT).split("_", -1)) {
      found = LESS.contains(word) ? MIN : MORE.contains(word) ? MAX : found;
    }
    if (found == null) {
      throw new IllegalArgumentException(
          ("%s: the name does not tell whether less or more of '%s' is better; say so by the mode"
                  + " \"min\" or \"max\"")
              .formatted(who, name));
    }
    return found;
  }

  /**
   * {@return whether a number is better than another; never if one is NaN}
   *
   * @param value the number
   * @param than the other
   * @param by by how much, at least 0; it must be better by more than this
   */
  public boolean isBetter(double value, double than, double by) {
    return switch (this) {
      case MIN -> value < than - by;
      case MAX -> value > than + by;
    };
  }
}
