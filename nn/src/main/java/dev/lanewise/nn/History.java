package dev.lanewise.nn;

import dev.lanewise.nn.internal.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a call of {@code fit} has reported, epoch by epoch: {@code loss} and the metrics over the
 * batches as they were trained, and, if there were examples to validate with, the same under {@code
 * val_loss} and so on, after the epoch; besides, what callbacks have logged.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var parts = Iris.load().stratifiedSplit(0.8, 1);
 *   var model = Sequential.of(new Dense(16, "relu"), new Dense(3, "softmax"));
 *   model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
 *   var options = FitOptions.epochs(20).validationData(parts.test()).verbose(0);
 *   History history = model.fit(parts.train(), options);
 *   History.Best best = history.best("val_loss");
 *   IO.println("best in epoch " + (best.epoch() + 1) + ": " + best.value());
 *   IO.println(history.advice());
 * }
 * }
 */
public final class History {
  private final Map<String, Series> series = new LinkedHashMap<>();
  private final List<Double> seconds = new ArrayList<>();
  private double start = Double.NaN;
  private String stopped;

  /** Makes one of no epochs, for a training loop of one's own. */
  public History() {}

  /** Numbers of one name, each with its epoch. */
  private record Series(List<Integer> epochs, List<Double> values) {}

  /**
   * The best value of a name.
   *
   * @param epoch the epoch that reported it, from 0
   * @param value the value
   */
  public record Best(int epoch, double value) {}

  /**
   * Adds an epoch.
   *
   * @param epoch which, from 0
   * @param scores what it has reported
   * @param seconds how long it took
   */
  public void add(int epoch, Scores scores, double seconds) {
    scores
        .asMap()
        .forEach(
            (name, value) -> {
              Series found =
                  series.computeIfAbsent(
                      name, _ -> new Series(new ArrayList<>(), new ArrayList<>()));
              found.epochs.add(epoch);
              found.values.add(value);
            });
    this.seconds.add(seconds);
  }

  /** Remembers the loss from before the first step of a model that is new. */
  void start(double loss) {
    start = loss;
  }

  /** {@return the loss from before the first step; NaN if the model was not new} */
  double start() {
    return start;
  }

  void stop(String reason) {
    stopped = reason;
  }

  /** {@return the number of epochs} */
  public int epochs() {
    return seconds.size();
  }

  /** {@return the names of what was reported, {@code "loss"} first} */
  public Set<String> names() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(series.keySet()));
  }

  /**
   * {@return the values of a name, one for each epoch that reported it, as {@link #epochs(String)}
   * tells: of validation there may be fewer than epochs}
   *
   * @param name for example {@code "val_accuracy"}
   * @throws IllegalArgumentException if nothing of this name was reported
   */
  public List<Double> get(String name) {
    return List.copyOf(series(name).values);
  }

  /**
   * {@return the epochs that reported a name, from 0, or from where training was told to go on}
   *
   * @param name for example {@code "val_accuracy"}
   * @throws IllegalArgumentException if nothing of this name was reported
   */
  public List<Integer> epochs(String name) {
    return List.copyOf(series(name).epochs);
  }

  private Series series(String name) {
    Series found = series.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "history: there is no '" + name + "'; names are " + series.keySet());
    }
    return found;
  }

  /**
   * {@return the value of a name after the last epoch that reported it}
   *
   * @param name for example {@code "val_accuracy"}
   * @throws IllegalArgumentException if nothing of this name was reported
   */
  public double last(String name) {
    return series(name).values.getLast();
  }

  /**
   * {@return the best value of a name, the earliest if there are several: the least of a loss or an
   * error, the greatest of an accuracy or a score}
   *
   * @param name for example {@code "val_accuracy"}
   * @throws IllegalArgumentException if nothing of this name was reported, or the name does not
   *     tell whether less or more is better
   * @throws IllegalStateException if all values are NaN
   */
  public Best best(String name) {
    return best(name, "auto");
  }

  /**
   * {@return the best value of a name, the earliest if there are several}
   *
   * @param name for example {@code "val_perimeter"}
   * @param mode {@code "min"} if less is better, {@code "max"} if more is, {@code "auto"} to tell
   *     by the name
   * @throws IllegalArgumentException if nothing of this name was reported, the mode is none of
   *     these, or the name does not tell
   * @throws IllegalStateException if all values are NaN
   */
  public Best best(String name, String mode) {
    Series found = series(name);
    Direction direction = Direction.of("history", name, mode);
    int best = -1;
    for (int i = 0; i < found.values.size(); i++) {
      double value = found.values.get(i);
      if (best < 0 ? !Double.isNaN(value) : direction.isBetter(value, found.values.get(best), 0)) {
        best = i;
      }
    }
    if (best < 0) {
      throw new IllegalStateException("history: '" + name + "' was NaN in all epochs");
    }
    return new Best(found.epochs.get(best), found.values.get(best));
  }

  /** {@return how long each epoch took, validation included} */
  public List<Double> seconds() {
    return List.copyOf(seconds);
  }

  /** {@return why training was stopped before its last epoch, if it was} */
  public Optional<String> stopped() {
    return Optional.ofNullable(stopped);
  }

  /**
   * {@return what the numbers say about the training, if that is worth a warning: that the loss
   * grew, that the model learned its examples by heart (overfitting), that it learned too little
   * (underfitting), or that it was still learning at the end; and what may help} Empty if nothing
   * of this is certain enough: without validation, for example, nobody can tell overfitting. {@code
   * fit} prints it at its end, see {@link FitOptions#advice}.
   */
  public String advice() {
    return FitAdvice.of(this);
  }

  /** {@return all values by name} */
  @Override
  public String toString() {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    series.forEach((name, found) -> values.put(name, found.values));
    return values.toString();
  }
}
