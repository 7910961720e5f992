package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Samples;

/**
 * Gives each sample another shape: {@code new Reshape(1, 28, 28)} makes images with a channel axis
 * out of {@code [n, 28, 28]}.
 */
public final class Reshape extends Layer {
  private final Shape target;

  /**
   * Makes the layer.
   *
   * @param target the shape of one sample of the output
   */
  public Reshape(int... target) {
    this.target = Shape.of(target);
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has another number of elements
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.size() != target.size()) {
      throw new ShapeException(
          "%s: input must have %d numbers a sample, for %s, not %d (input %s)"
              .formatted(describe(), target.size(), batchOf(target), input.size(), batchOf(input)));
    }
    return target;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.reshape(Samples.batch(x.shape().dim(0), target));
  }

  @Override
  public Config config() {
    return Config.of(type()).with("target", target.dims());
  }

  static Reshape of(Config config) {
    return new Reshape(config.integers("target"));
  }
}
