package dev.lanewise.nn;

import java.util.List;

/**
 * What the numbers of a training say about it, and what may help. It says nothing rather than
 * something that may be wrong: each threshold is far from what good trainings show.
 */
final class FitAdvice {
  private static final List<String> ACCURACIES =
      List.of(
          "accuracy",
          "acc",
          "binary_accuracy",
          "categorical_accuracy",
          "sparse_categorical_accuracy");

  /** What counts as a change of the loss, as a share of it. */
  private static final double NOTABLE = 0.1;

  /** How far validation must turn up: more than that of few samples swings by itself. */
  private static final double RISE = 0.2;

  /** A change is little beside how far the loss fell before. */
  private static final double SHARE_OF_FALL = 0.05;

  /** An accuracy that needs no advice, one that is low, and how far two are apart at least. */
  private static final double GOOD = 0.95;

  private static final double LOW = 0.7;
  private static final double GAP = 0.15;

  private final History history;
  private final double[] losses;

  /** How many epochs at the end tell where training has arrived: a fifth, from 3 to 10. */
  private final int window;

  private FitAdvice(History history) {
    this.history = history;
    this.losses = values("loss");
    this.window = Math.clamp(losses.length / 5, 3, 10);
  }

  /** {@return one to three lines, or nothing} */
  static String of(History history) {
    if (history.epochs() == 0) {
      return "";
    }
    FitAdvice advice = new FitAdvice(history);
    for (String found :
        List.of(
            advice.diverged(), advice.underfitted(), advice.overfitted(), advice.unfinished())) {
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private double[] values(String name) {
    return history.names().contains(name)
        ? history.get(name).stream().mapToDouble(Double::doubleValue).toArray()
        : new double[0];
  }

  private String diverged() {
    for (int i = 0; i < losses.length; i++) {
      if (!Double.isFinite(losses[i])) {
        return """
        The loss is %s in epoch %d: the learning rate is likely too high. Try a tenth of it,
        clip gradients, and scale the inputs to about -1 to 1; or there is a NaN among them.\
        """
            .formatted(losses[i], epoch("loss", i));
      }
    }
    double first = losses[0];
    double last = losses[losses.length - 1];
    if (losses.length >= 3 && first > 0 && last > 2 * first && last > 2 * losses[1]) {
      return """
      The loss rises, from %s in epoch %d to %s: the learning rate is likely too
      high. Try a tenth of it, and scale the inputs to about -1 to 1.\
      """
          .formatted(text(first), epoch("loss", 0), text(last));
    }
    return "";
  }

  /** Who stopped it early knew; and without validation nobody knows. */
  private String overfitted() {
    double[] validated = values("val_loss");
    if (history.stopped().isPresent() || validated.length <= window) {
      return "";
    }
    int best = 0;
    for (int i = 1; i < validated.length; i++) {
      best = validated[i] < validated[best] ? i : best;
    }
    double low = validated[best];
    // The least of the last ones: a peak of noise is not a rise.
    double now = least(validated);
    double rise = now - low;
    double then = losses[history.epochs("loss").indexOf(history.epochs("val_loss").get(best))];
    double trained = mean(losses);
    boolean turned =
        validated.length - 1 - best >= window
            && rise > RISE * Math.abs(low)
            && rise > SHARE_OF_FALL * (validated[0] - low)
            && then - trained > NOTABLE * Math.abs(then)
            && trained < now;
    if (turned && !(mean(values("val_" + accuracy())) > GOOD)) {
      return """
      Overfitting: val_loss was best in epoch %d (%s) and is %s now, while the loss fell
      on, from %s to %s. Stop at the best epoch by EarlyStopping with
      restoreBestWeights(true), or try Dropout, Regularizer.l2, more data, or a smaller model.\
      """
          .formatted(
              epoch("val_loss", best),
              text(low),
              text(validated[validated.length - 1]),
              text(then),
              text(losses[losses.length - 1]));
    }
    double known = mean(values(accuracy()));
    double unknown = mean(values("val_" + accuracy()));
    if (known > GOOD && known - unknown > GAP) {
      return """
      Overfitting: the accuracy is %s on the examples of training, but %s on those of
      validation. Try more data, Dropout, Regularizer.l2, or a smaller model.\
      """
          .formatted(text(known), text(unknown));
    }
    return "";
  }

  private String underfitted() {
    if (losses.length < 2 * window) {
      return "";
    }
    double now = mean(losses);
    double before = mean(losses, window);
    double validated = mean(values("val_loss"));
    boolean isFlat = before - now < 0.03 * Math.abs(before);
    boolean isWorseThere = validated - now > 0.5 * Math.abs(now);
    if (!isFlat || isWorseThere) {
      return "";
    }
    double accuracy = mean(values(accuracy()));
    if (accuracy < LOW) {
      return """
      Underfitting: the loss has stopped to fall (%s), and the accuracy is %s on the very
      examples of training. Try a larger model, another learning rate, scaled inputs, or less
      regularization; or the inputs tell no more.\
      """
          .formatted(text(now), text(accuracy));
    }
    double start = history.start();
    double limit = (1 - SHARE_OF_FALL) * Math.abs(start);
    if (Double.isNaN(accuracy) && start > 0 && now > limit && losses[0] > limit) {
      return """
      Underfitting: the loss is %s, hardly less than the %s of the untrained model. Try another
      learning rate, a larger model, scaled inputs, or less regularization.\
      """
          .formatted(text(now), text(start));
    }
    return "";
  }

  private String unfinished() {
    double start = Double.isNaN(history.start()) ? losses[0] : history.start();
    if (history.stopped().isPresent()
        || !isFalling(losses)
        || history.names().contains("val_loss") && !isFalling(values("val_loss"))
        || mean(values(accuracy())) > GOOD
        || losses[losses.length - 1] < NOTABLE * start) {
      return "";
    }
    return """
    The loss was still falling at the end, from %s to %s in the last %d epochs: train longer,
    or try a higher learning rate.\
    """
        .formatted(
            text(losses[losses.length - 1 - window]), text(losses[losses.length - 1]), window);
  }

  /** {@return whether each of the last values is less than the one before, by 2 percent or more} */
  private boolean isFalling(double[] values) {
    for (int i = values.length - window; i < values.length; i++) {
      if (i < 1 || !(values[i - 1] - values[i] > 0.02 * Math.abs(values[i - 1]))) {
        return false;
      }
    }
    return true;
  }

  /** {@return the accuracy's name; any where there is none} */
  private String accuracy() {
    return ACCURACIES.stream().filter(history.names()::contains).findFirst().orElse("accuracy");
  }

  private double mean(double... values) {
    return mean(values, 0);
  }

  /** {@return the mean of the last values but so many; NaN if there are not enough} */
  private double mean(double[] values, int but) {
    int to = values.length - but;
    if (to < window) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = to - window; i < to; i++) {
      sum += values[i];
    }
    return sum / window;
  }

  private double least(double... values) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = values.length - window; i < values.length; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }

  private int epoch(String name, int index) {
    return history.epochs(name).get(index) + 1;
  }

  private static String text(double value) {
    return Scores.format(value);
  }
}
