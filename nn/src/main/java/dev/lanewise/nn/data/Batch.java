package dev.lanewise.nn.data;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Samples that a step computes at once, what is right for each, and how much each counts.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Batch batch = Batch.of(Tensor.ones(4, 2), Tensor.of(new int[] {0, 1, 1, 0}));
 *   IO.println(batch.size()); // 4
 * }
 * }
 *
 * @param inputs one tensor for each input of the model, {@code [n, …]} each
 * @param targets one tensor for each output of the model, {@code [n, …]} each; none where nothing
 *     is known to be right
 * @param weights how much each sample counts, {@code [n]}; all as much if empty
 */
public record Batch(List<Tensor> inputs, List<Tensor> targets, Optional<Tensor> weights) {

  /**
   * Makes a batch.
   *
   * @throws IllegalArgumentException if there is no input
   * @throws ShapeException if the tensors are not of one number of samples
   */
  public Batch {
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
    Objects.requireNonNull(weights, "weights");
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("batch: there must be at least one input");
    }
    int size = rows("inputs", inputs.getFirst());
    inputs.forEach(x -> requireRows("inputs", x, size));
    targets.forEach(y -> requireRows("targets", y, size));
    weights.ifPresent(w -> requireRows("weights", w, size));
  }

  private static int rows(String what, Tensor tensor) {
    if (tensor.shape().rank() == 0) {
      throw new ShapeException("batch: " + what + " must be [n, …], not a scalar");
    }
    return tensor.shape().dim(0);
  }

  private static void requireRows(String what, Tensor tensor, int size) {
    if (rows(what, tensor) != size) {
      throw new ShapeException(
          "batch: %s must have %d samples, as the first input has, not %d (%s)"
              .formatted(what, size, rows(what, tensor), tensor.shape()));
    }
  }

  /**
   * {@return a batch of one input and one target}
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each, {@code [n, …]}
   * @throws ShapeException if their numbers differ
   */
  public static Batch of(Tensor x, Tensor y) {
    return new Batch(List.of(x), List.of(y), Optional.empty());
  }

  /** {@return the number of samples} */
  public int size() {
    return inputs.getFirst().shape().dim(0);
  }

  /** {@return the first input} */
  public Tensor x() {
    return inputs.getFirst();
  }

  /**
   * {@return the first target}
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public Tensor y() {
    return targets.getFirst();
  }
}
