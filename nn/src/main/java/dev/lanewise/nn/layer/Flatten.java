package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;

/** Makes one row of each sample: {@code [n, …]} to {@code [n, features]}. */
public final class Flatten extends Layer {

  /** Makes the layer. */
  public Flatten() {}

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(Math.toIntExact(input.size()));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape sample = x.shape();
    return sample.rank() == 1 ? x.reshape(sample.dim(0), 1) : x.flatten(1);
  }
}
