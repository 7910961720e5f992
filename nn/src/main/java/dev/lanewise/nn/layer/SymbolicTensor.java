package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.nn.internal.Samples;

/**
 * What flows between the layers of a model that is still to compute: a shape, and where it comes
 * from. {@link Input#of} gives the first ones, {@link Layer#apply(SymbolicTensor...)} the others.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor inputs = Input.of(2);
 *   SymbolicTensor outputs = new Dense(1, "sigmoid").apply(inputs);
 *   Model model = Model.of(inputs, outputs);
 *   IO.println(model.summary());
 * }
 * }
 */
public final class SymbolicTensor {
  private final LayerCall source;
  private final int index;
  private final Shape shape;

  SymbolicTensor(LayerCall source, int index, Shape shape) {
    this.source = source;
    this.index = index;
    this.shape = shape;
  }

  /** {@return what gives it} */
  public LayerCall source() {
    return source;
  }

  /** {@return which output of its source it is, from 0} */
  public int index() {
    return index;
  }

  /** {@return the shape of one sample} */
  public Shape shape() {
    return shape;
  }

  /** {@return where it comes from, and the shape of a batch} */
  @Override
  public String toString() {
    return source.layer().name() + " " + Samples.batchOf(shape);
  }
}
