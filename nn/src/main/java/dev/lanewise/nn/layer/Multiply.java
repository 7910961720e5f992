package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;

/**
 * Multiplies inputs, two or more: gates, for example.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   IO.println(Model.of(x, new Multiply().apply(x, hidden)).summary());
 * }
 * }
 *
 * <p>Samples are of one shape, or stretch to one as in NumPy.
 */
public final class Multiply extends MergeLayer {

  /** Makes the layer. */
  public Multiply() {
    super(Integer.MAX_VALUE);
  }

  @Override
  Tensor merge(Tensor a, Tensor b) {
    return a.mul(b);
  }
}
