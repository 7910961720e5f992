package dev.lanewise.bench.golden;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One operation with its arguments, and what it gave elsewhere.
 *
 * @param id its name
 * @param group the family of its operation
 * @param op its operation
 * @param attributes the arguments that are no arrays
 * @param rtol how far off a result may be, as a part of it
 * @param atol how far off a result may be besides
 * @param inputs the arguments that are arrays
 * @param outputs the results
 * @param up the gradients by results; none for one that has no gradient
 * @param grads the gradients by inputs
 */
record GoldenCase(
    String id,
    String group,
    String op,
    Attributes attributes,
    double rtol,
    double atol,
    List<Entry> inputs,
    List<Entry> outputs,
    List<Entry> up,
    List<Entry> grads) {

  /**
   * An array of the folder.
   *
   * @param name what the operation calls it
   * @param file where it is
   * @param dtype its type, by NumPy's name
   * @param shape its extents
   */
  record Entry(String name, String file, String dtype, List<Integer> shape) {}

  /**
   * {@return what keeps this case from proving something, or {@code null}: gradients are asked for
   * and given together, by inputs and outputs that there are}
   */
  String contradiction() {
    if (up.isEmpty() != grads.isEmpty()) {
      return "'up' and 'grads' must both be given, or neither";
    }
    if (outputs.isEmpty()) {
      return "'outputs' must not be empty";
    }
    if (!names(outputs).containsAll(names(up))) {
      return "each of 'up' must be one of 'outputs'";
    }
    if (!names(inputs).containsAll(names(grads))) {
      return "each of 'grads' must be one of 'inputs'";
    }
    boolean tolerant = rtol >= 0 && atol >= 0 && rtol < 1 && Double.isFinite(atol);
    return tolerant ? null : "tolerances must be numbers of at least 0, 'rtol' below 1";
  }

  private static Set<String> names(List<Entry> entries) {
    return entries.stream().map(Entry::name).collect(Collectors.toSet());
  }

  /** {@return the largest difference from a result that should be {@code want}} */
  double tolerance(double want) {
    return atol + rtol * Math.abs(want);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s (%s %s)", id, op, attributes);
  }
}
