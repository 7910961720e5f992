package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Samples;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much the samples of each class count.
 *
 * @param weights by class; a class that is missing counts once
 */
record ClassWeights(Map<Integer, Double> weights) {
  static final ClassWeights NONE = new ClassWeights(Map.of());

  ClassWeights {
    weights = new TreeMap<>(weights);
    weights.forEach(
        (label, weight) -> Checks.notNegative("fit: the weight of class " + label, weight));
  }

  /**
   * {@return the examples, with the weights of their classes times their own}
   *
   * @param examples prepared ones; targets are classes, or a probability for each class, or one
   *     probability
   * @throws ShapeException if they have targets of several outputs, or a class for each place
   */
  Examples weighted(Examples examples) {
    if (weights.isEmpty()) {
      return examples;
    }
    if (examples.y().size() != 1) {
      throw new ShapeException("fit: classWeights are for models of one output");
    }
    Rows y = examples.y().getFirst();
    if (y.row().rank() > 1 || y.dtype() != DType.F32 && y.row().size() > 1) {
      throw new ShapeException(
          "fit: classWeights need one class for each sample, not a class for each place (targets "
              + Samples.batchOf(y.row())
              + "); give weights to a loss instead");
    }
    float[] each = new float[examples.size()];
    for (int i = 0; i < each.length; i++) {
      double own = examples.weights() == null ? 1 : examples.weights().number(i);
      each[i] = (float) (own * weights.getOrDefault(label(y, i), 1.0));
    }
    return examples.weighted(Rows.of(each, Shape.SCALAR));
  }

  private static int label(Rows y, int sample) {
    int count = (int) y.row().size();
    if (count == 1) {
      return (int) Math.round(y.number(sample));
    }
    int best = 0;
    for (int c = 1; c < count; c++) {
      best =
          y.number((long) sample * count + c) > y.number((long) sample * count + best) ? c : best;
    }
    return best;
  }
}
