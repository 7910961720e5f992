package dev.lanewise.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a call of {@code fit} has reported, epoch by epoch: {@code loss} and the metrics over the
 * batches as they were trained, and, if there were examples to validate with, the same under {@code
 * val_loss} and so on, after the epoch.
 */
public final class History {
  private final Map<String, List<Double>> values = new LinkedHashMap<>();
  private final List<Double> seconds = new ArrayList<>();

  /** Makes one of no epochs, for a training loop of one's own. */
  public History() {}

  /**
   * Adds an epoch.
   *
   * @param scores what it has reported
   * @param seconds how long it took
   */
  public void add(Scores scores, double seconds) {
    scores
        .asMap()
        .forEach((name, value) -> values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
    this.seconds.add(seconds);
  }

  /** {@return the number of epochs} */
  public int epochs() {
    return seconds.size();
  }

  /** {@return the names of what was reported, {@code "loss"} first, those of validation last} */
  public Set<String> names() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(values.keySet()));
  }

  /**
   * {@return the values of a name, one for each epoch}
   *
   * @param name for example {@code "val_accuracy"}
   * @throws IllegalArgumentException if nothing of this name was reported
   */
  public List<Double> get(String name) {
    List<Double> found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "history: there is no '" + name + "'; names are " + values.keySet());
    }
    return List.copyOf(found);
  }

  /**
   * {@return the value of a name after the last epoch}
   *
   * @param name for example {@code "val_accuracy"}
   * @throws IllegalArgumentException if nothing of this name was reported
   */
  public double last(String name) {
    return get(name).getLast();
  }

  /** {@return how long each epoch took, validation included} */
  public List<Double> seconds() {
    return List.copyOf(seconds);
  }

  /** {@return all values by name} */
  @Override
  public String toString() {
    return values.toString();
  }
}
