package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;

/**
 * The greatest of inputs, two or more, number by number.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   IO.println(Model.of(x, new Maximum().apply(x, hidden)).summary());
 * }
 * }
 *
 * <p>Samples are of one shape, or stretch to one as in NumPy.
 */
public final class Maximum extends MergeLayer {

  /** Makes the layer. */
  public Maximum() {
    super(Integer.MAX_VALUE);
  }

  @Override
  Tensor merge(Tensor a, Tensor b) {
    return a.maximum(b);
  }
}
