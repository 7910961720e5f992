package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;

/**
 * The mean of inputs, two or more.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   IO.println(Model.of(x, new Average().apply(x, hidden)).summary());
 * }
 * }
 *
 * <p>Samples are of one shape, or stretch to one as in NumPy.
 */
public final class Average extends MergeLayer {

  /** Makes the layer. */
  public Average() {
    super(Integer.MAX_VALUE);
  }

  @Override
  Tensor merge(Tensor a, Tensor b) {
    return a.add(b);
  }

  @Override
  Tensor finish(Tensor all, int inputs) {
    return all.div(inputs);
  }
}
