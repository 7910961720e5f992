package dev.lanewise.nn.trainer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.optim.GradientClip;
import java.util.Arrays;

/**
 * The gradients of the batches that make up a step: their mean, clipped. Sums have memory of their
 * own, so that gradients may die with the scopes of their batches and may share memory.
 */
final class GradientWindow {
  private final int size;
  private final double clipNorm;
  private final double clipValue;
  private final Tensor[] sums;
  private final boolean[] present;
  private int count;

  GradientWindow(TrainerSettings settings, Tensor... weights) {
    size = settings.accumulateGradients;
    clipNorm = settings.clipNorm;
    clipValue = settings.clipValue;
    boolean passes = size == 1 && !clipsNorm() && !clipsValue();
    sums =
        passes
            ? null
            : Arrays.stream(weights)
                .map(w -> Tensor.of(w.backend().uninitialized(w.dtype(), w.shape())))
                .toArray(Tensor[]::new);
    present = new boolean[weights.length];
  }

  private boolean clipsNorm() {
    return clipNorm < Double.POSITIVE_INFINITY;
  }

  private boolean clipsValue() {
    return clipValue < Double.POSITIVE_INFINITY;
  }

  /** {@return whether gradients can go to the optimizer as they are} */
  boolean passes() {
    return sums == null;
  }

  /** Takes the gradients of a batch in. */
  void add(Tensor... gradients) {
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] != null && present[i]) {
        sums[i].addInPlace(gradients[i]);
      } else if (gradients[i] != null) {
        sums[i].backend().copy(gradients[i].data(), sums[i].data());
        present[i] = true;
      }
    }
    count++;
  }

  boolean isFull() {
    return count == size;
  }

  /** {@return what the step follows, {@code null} for a weight without a gradient; begins anew} */
  Tensor[] take() {
    Tensor[] taken = new Tensor[sums.length];
    boolean any = false;
    for (int i = 0; i < taken.length; i++) {
      if (present[i]) {
        taken[i] = count == 1 ? sums[i] : sums[i].mulInPlace(1.0 / count);
        any = true;
      }
    }
    if (any && clipsNorm()) {
      GradientClip.byNorm(clipNorm, taken);
    }
    if (any && clipsValue()) {
      GradientClip.byValue(clipValue, taken);
    }
    Arrays.fill(present, false);
    count = 0;
    return taken;
  }
}
