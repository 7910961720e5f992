package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;

/**
 * A number about predictions, gathered batch by batch.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Metric accuracy = new SparseCategoricalAccuracy();
 *   accuracy.update(Tensor.of(new float[] {2, 0, 0, 3}, 2, 2), Tensor.of(new int[] {0, 0}));
 *   IO.println(accuracy.result()); // 0.5
 * }
 * }
 */
public interface Metric {

  /** {@return the name in a history} */
  String name();

  /** Forgets all batches. */
  void reset();

  /**
   * Takes a batch in. Both tensors live only until the step ends, and may be views of memory that
   * the next batch uses again: keep numbers, or copies made outside of the step's scope, not them.
   *
   * @param predictions what the model says, {@code [n, …]}
   * @param targets what is right
   */
  void update(Tensor predictions, Tensor targets);

  /** {@return the number over all batches since the last {@link #reset}; NaN if there was none} */
  double result();
}
