package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;

/**
 * The first of two inputs less the second.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   IO.println(Model.of(x, new Subtract().apply(x, hidden)).summary());
 * }
 * }
 *
 * <p>Samples are of one shape, or stretch to one as in NumPy.
 */
public final class Subtract extends MergeLayer {

  /** Makes the layer. */
  public Subtract() {
    super(2);
  }

  @Override
  Tensor merge(Tensor a, Tensor b) {
    return a.sub(b);
  }
}
