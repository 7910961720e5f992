package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/** Makes one row of each sample: {@code [n, …]} to {@code [n, features]}. */
public final class Flatten extends Layer {

  /** Makes the layer. */
  public Flatten() {}

  @Override
  public Shape outputShape(Shape input) {
    if (input.size() > Integer.MAX_VALUE) {
      throw new ShapeException(
          describe()
              + ": a row can not have the "
              + input.size()
              + " numbers of "
              + batchOf(input));
    }
    return Shape.of((int) input.size());
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape sample = x.shape();
    return sample.rank() == 1 ? x.reshape(sample.dim(0), 1) : x.flatten(1);
  }

  @Override
  public Config config() {
    return Config.of(type());
  }
}
