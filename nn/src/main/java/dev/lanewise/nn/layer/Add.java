package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;

/**
 * Adds inputs, two or more: residual connections, for example.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   IO.println(Model.of(x, new Add().apply(x, hidden)).summary());
 * }
 * }
 *
 * <p>Samples are of one shape, or stretch to one as in NumPy.
 */
public final class Add extends MergeLayer {

  /** Makes the layer. */
  public Add() {
    super(Integer.MAX_VALUE);
  }

  @Override
  Tensor merge(Tensor a, Tensor b) {
    return a.add(b);
  }
}
