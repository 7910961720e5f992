package dev.lanewise.nn.trainer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps what is logged.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var logger = new MemoryLogger();
 *   logger.scalars(10, 0, Map.of("loss", 0.5));
 *   IO.println(logger.values("loss")); // [0.5]
 * }
 * }
 */
public final class MemoryLogger implements TrainingLogger {
  private final List<Entry> entries = new ArrayList<>();
  private Map<String, Object> hyperparameters = Map.of();

  /**
   * What was logged at once.
   *
   * @param step how many steps the optimizer had taken
   * @param epoch which epoch it was, from 0
   * @param values by name
   */
  public record Entry(long step, int epoch, Map<String, Double> values) {}

  /** Makes an empty one. */
  public MemoryLogger() {}

  @Override
  public void hyperparameters(Map<String, Object> values) {
    hyperparameters = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public void scalars(long step, int epoch, Map<String, Double> values) {
    entries.add(new Entry(step, epoch, Collections.unmodifiableMap(new LinkedHashMap<>(values))));
  }

  /** {@return the module's hyperparameters} */
  public Map<String, Object> hyperparameters() {
    return hyperparameters;
  }

  /** {@return all that was logged, in its order} */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /**
   * {@return the values of a name, in their order; none if it was never logged}
   *
   * @param name the name
   */
  public List<Double> values(String name) {
    return entries.stream()
        .filter(entry -> entry.values.containsKey(name))
        .map(entry -> entry.values.get(name))
        .toList();
  }
}
