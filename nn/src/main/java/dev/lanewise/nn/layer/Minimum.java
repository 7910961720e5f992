package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;

/**
 * The least of inputs, two or more, number by number.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   IO.println(Model.of(x, new Minimum().apply(x, hidden)).summary());
 * }
 * }
 *
 * <p>Samples are of one shape, or stretch to one as in NumPy.
 */
public final class Minimum extends MergeLayer {

  /** Makes the layer. */
  public Minimum() {
    super(Integer.MAX_VALUE);
  }

  @Override
  Tensor merge(Tensor a, Tensor b) {
    return a.minimum(b);
  }
}
