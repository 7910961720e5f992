package dev.lanewise.nn.trainer;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.GraphException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the steps of an epoch log: the numbers of the current one, and means over all. */
final class LogBook {
  private static final String LOSS = "loss";

  /** A mean that is not finished yet. */
  private record Sum(double sum, double weight) {
    Sum plus(double value, double by) {
      return new Sum(sum + value * by, weight + by);
    }

    double mean() {
      return sum / weight;
    }
  }

  /**
   * What a step that is being traced logs.
   *
   * @param name its name
   * @param value the tensor whose number it is; {@code null} after tracing
   * @param when when it counts
   */
  record Entry(String name, Tensor value, LogWhen when) {
    Entry withoutValue() {
      return new Entry(name, null, when);
    }
  }

  private final LogWhen usual;

  /** Where a step that is being traced logs, as its tensors have no numbers; or {@code null}. */
  private List<Entry> entries;

  private final Map<String, Sum> means = new LinkedHashMap<>();
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private Sum loss = new Sum(0, 0);
  private double weight = 1;

  /**
   * Makes an empty one.
   *
   * @param usual when numbers are logged if a step does not say
   */
  LogBook(LogWhen usual) {
    this.usual = usual;
  }

  /** Begins a step, whose numbers count as often as its batch has samples. */
  void beginStep(int samples) {
    weight = samples;
    numbers.clear();
  }

  /** Ends the steps: what is logged from here on counts once. */
  void endSteps() {
    weight = 1;
    numbers.clear();
  }

  /** Forgets everything. */
  void clear() {
    endSteps();
    means.clear();
    loss = new Sum(0, 0);
  }

  void log(String name, Tensor value, LogWhen when) {
    if (value.size() != 1) {
      throw new ShapeException(
          "log: '%s' must be one number, not %s; log its mean()".formatted(name, value.shape()));
    }
    if (entries != null) {
      entries.add(new Entry(name, value, when));
    } else {
      log(name, value.item(), when);
    }
  }

  /** Takes note of what a step that is traced logs; of nothing any more, if {@code null}. */
  void record(List<Entry> logged) {
    entries = logged;
  }

  /**
   * Takes a number in.
   *
   * @param when {@code null} for the usual way
   */
  void log(String name, double value, LogWhen when) {
    if (entries != null) {
      throw new GraphException(
          "log: '%s' is a number of Java, which a step that is run as a graph has once for all; log a"
                  .formatted(name)
              + " tensor, or the number in a callback, or train without jit");
    }
    LogWhen chosen = when == null ? usual : when;
    if (chosen.onStep) {
      numbers.put(chosen.atStep(name), value);
    }
    if (chosen.onEpoch) {
      String mean = chosen.atEpoch(name);
      means.put(mean, means.getOrDefault(mean, new Sum(0, 0)).plus(value, weight));
    }
  }

  /** Takes the loss of a step in, whose mean is reported even if nobody logs it. */
  void loss(double value) {
    loss = loss.plus(value, weight);
  }

  /** {@return the numbers of the current step} */
  Map<String, Double> numbers() {
    return numbers;
  }

  /** {@return the means so far, that of the loss first} */
  Map<String, Double> means() {
    Map<String, Double> all = new LinkedHashMap<>();
    if (loss.weight > 0) {
      all.put(LOSS, loss.mean());
    }
    means.forEach((name, sum) -> all.put(name, sum.mean()));
    return all;
  }

  /** {@return what a checkpoint in the middle of an epoch keeps, as texts} */
  Map<String, String> state() {
    Map<String, String> state = new LinkedHashMap<>();
    state.put("", text(loss));
    means.forEach((name, sum) -> state.put(name, text(sum)));
    return state;
  }

  private static String text(Sum sum) {
    return sum.sum + " " + sum.weight;
  }

  /**
   * Goes on with a state.
   *
   * @throws IllegalArgumentException if a text is not one of a state
   */
  void load(Map<String, String> state) {
    clear();
    state.forEach(
        (name, text) -> {
          Sum sum = sum(text);
          if (name.isEmpty()) {
            loss = sum;
          } else {
            means.put(name, sum);
          }
        });
  }

  private static Sum sum(String text) {
    int gap = text.indexOf(' ');
    if (gap < 0) {
      throw new IllegalArgumentException("a sum and a weight are expected, not '" + text + "'");
    }
    return new Sum(
        Double.parseDouble(text.substring(0, gap)), Double.parseDouble(text.substring(gap + 1)));
  }
}
