package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.nn.internal.Samples;
import java.util.List;

/** The inputs of attention: queries, values and keys, of which the last may be missing. */
final class AttentionShapes {
  private AttentionShapes() {}

  /** {@return the values among queries, values and keys} */
  static <T> T values(List<T> inputs) {
    return inputs.get(Math.min(1, inputs.size() - 1));
  }

  /**
   * Refuses shapes that do not fit each other.
   *
   * @param who who asks, for the error's text
   * @param inputs the shapes of samples of queries, values and keys; the last is that of the keys
   * @param causal whether there must be as many keys as queries
   */
  static void check(String who, List<Shape> inputs, boolean causal) {
    List<String> texts = inputs.stream().map(Samples::batchOf).toList();
    if (inputs.isEmpty() || inputs.size() > 3) {
      throw new ShapeException(
          "%s: takes queries, values and keys, or fewer, not %d inputs"
              .formatted(who, inputs.size()));
    }
    if (inputs.stream().anyMatch(shape -> shape.rank() != 2)) {
      throw new ShapeException(
          "%s: inputs must be sequences, [n, steps, features], not %s".formatted(who, texts));
    }
    if (values(inputs).dim(0) != inputs.getLast().dim(0)) {
      throw new ShapeException(
          "%s: there must be as many values as keys, not %d and %d (queries, values, keys %s)"
              .formatted(who, values(inputs).dim(0), inputs.getLast().dim(0), texts));
    }
    if (causal && inputs.getFirst().dim(0) != inputs.getLast().dim(0)) {
      throw new ShapeException(
          "%s: causal attention needs as many keys as queries, not %d and %d (inputs %s)"
              .formatted(who, inputs.getLast().dim(0), inputs.getFirst().dim(0), texts));
    }
  }
}
