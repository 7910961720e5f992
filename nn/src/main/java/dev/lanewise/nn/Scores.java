package dev.lanewise.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The loss and the metrics of a model on some examples. */
public final class Scores {
  private final Map<String, Double> values;

  /**
   * Makes scores, for a training loop of one's own.
   *
   * @param values all by name, in the order in which they are printed
   */
  public Scores(Map<String, Double> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** {@return the mean loss} */
  public double loss() {
    return get("loss");
  }

  /**
   * {@return the loss or a metric}
   *
   * @param name {@code "loss"}, or a metric's name
   * @throws IllegalArgumentException if there is none of this name
   */
  public double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "scores: there is no '" + name + "'; names are " + values.keySet());
    }
    return value;
  }

  /** {@return all by name, the loss first} */
  public Map<String, Double> asMap() {
    return values;
  }

  /** {@return names and values, for example {@code loss: 0.2012 - accuracy: 0.9417}} */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" - ");
    values.forEach((name, value) -> text.add(name + ": " + format(value)));
    return text.toString();
  }

  /** {@return four digits after the point, or after the first, where a number is that small} */
  static String format(double value) {
    boolean small = value != 0 && Math.abs(value) < 1e-3;
    return String.format(Locale.ROOT, small ? "%.4e" : "%.4f", value);
  }
}
