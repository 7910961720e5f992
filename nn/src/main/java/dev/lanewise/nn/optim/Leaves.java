package dev.lanewise.nn.optim;

import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.List;

/** Tensors without a model, as weights. */
final class Leaves {
  private Leaves() {}

  /**
   * {@return weights called {@code w0}, {@code w1} and so on}
   *
   * @param optimizer what errors call it
   * @param tensors their values: leaves that require a gradient
   */
  static List<Weight> of(String optimizer, Tensor... tensors) {
    List<Weight> weights = new ArrayList<>();
    for (int i = 0; i < tensors.length; i++) {
      requireLeaf(optimizer, i, tensors[i]);
      for (int j = 0; j < i; j++) {
        if (tensors[j] == tensors[i]) {
          throw new IllegalArgumentException(
              "%s: over: tensors %d and %d are one and the same; give it once"
                  .formatted(optimizer, j, i));
        }
      }
      weights.add(new Weight("w" + i, tensors[i]));
    }
    return weights;
  }

  private static void requireLeaf(String optimizer, int index, Tensor x) {
    if (x.gradFn() != null) {
      throw new GradientException(
          "%s: over: tensor %d of shape %s was computed by '%s'; give what it was computed from"
              .formatted(optimizer, index, x.shape(), x.gradFn()));
    }
    if (!x.requiresGrad()) {
      throw new GradientException(
          "%s: over: tensor %d of shape %s requires no gradient; call requiresGrad(true) on it"
              .formatted(optimizer, index, x.shape()));
    }
  }
}
