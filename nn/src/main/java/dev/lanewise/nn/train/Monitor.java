package dev.lanewise.nn.train;

import dev.lanewise.nn.Training;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Direction;
import java.util.Map;
import java.util.OptionalDouble;

/** A number that a callback watches, and the best that it has been. */
final class Monitor {
  private static final String VALIDATION = "val_";

  private final String who;
  private final String name;
  private String mode = "auto";
  private double minDelta;
  private Direction direction;
  private double best;

  /**
   * Makes one.
   *
   * @param who the callback, for the texts of errors
   * @param name what is watched
   */
  Monitor(String who, String name) {
    this.who = who;
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean isOfValidation() {
    return name.startsWith(VALIDATION);
  }

  void mode(String mode) {
    if (!mode.equals("auto")) {
      Direction.of(who, name, mode);
    }
    this.mode = mode;
  }

  void minDelta(double minDelta) {
    this.minDelta = Checks.notNegative(who + ": minDelta", minDelta);
  }

  /**
   * Begins anew.
   *
   * @throws IllegalArgumentException if there will be no such number, or nobody knows whether less
   *     or more of it is better
   */
  void begin(Training training) {
    requirePossible(who, name, training);
    try {
      direction = Direction.of(who, name, mode);
    } catch (IllegalArgumentException e) {
      // A misspelt name tells no direction either.
      throw training.names().contains(name)
          ? e
          : new IllegalArgumentException(
              "%s: there is no '%s'; names are %s; what a callback logs needs mode(\"min\") or (\"max\")"
                  .formatted(who, name, training.names()),
              e);
    }
    best = Double.NaN;
  }

  /** Refuses what is known before training not to come. */
  static void requirePossible(String who, String name, Training training) {
    boolean isMissing =
        name.startsWith(VALIDATION)
            && training.names().contains(name.substring(VALIDATION.length()))
            && !training.names().contains(name);
    if (isMissing) {
      throw new IllegalArgumentException(
          "%s: there is no '%s' without validation; give validationData or a validationSplit"
              .formatted(who, name));
    }
  }

  /** {@return the number of this epoch; nothing if it was not validated} */
  OptionalDouble read(Training training) {
    return read(who, name, training);
  }

  static OptionalDouble read(String who, String name, Training training) {
    Map<String, Double> scores = training.scores().asMap();
    Double value = scores.get(name);
    if (value != null) {
      return OptionalDouble.of(value);
    }
    if (training.names().contains(name) || training.history().names().contains(name)) {
      return OptionalDouble.empty();
    }
    throw new IllegalArgumentException(
        "%s: there is no '%s'; names are %s".formatted(who, name, scores.keySet()));
  }

  /** {@return whether a number is the best so far, and remembers it then} */
  boolean improve(double value) {
    boolean improves =
        !Double.isNaN(value) && (Double.isNaN(best) || direction.isBetter(value, best, minDelta));
    best = improves ? value : best;
    return improves;
  }

  /** {@return whether a number is better than another, by more than it takes} */
  boolean isBetter(double value, double than) {
    return direction.isBetter(value, than, minDelta);
  }

  /** {@return the best so far; NaN before there is any} */
  double best() {
    return best;
  }
}
