package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** Makes a series of the same row again and again: {@code [n, f]} to {@code [n, times, f]}. */
public final class RepeatVector extends Layer {
  private final int times;

  /**
   * Makes the layer.
   *
   * @param times how often, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public RepeatVector(int times) {
    this.times = Checks.atLeastOne("RepeatVector: times", times);
  }

  /**
   * {@return the shape of one sample of the output, {@code [times, f]}}
   *
   * @param input the shape of one sample of the input, {@code [f]}
   * @throws ShapeException if it is of another rank
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new ShapeException(
          "%s: input must be rows, [n, features], not %s".formatted(describe(), batchOf(input)));
    }
    return Shape.of(times, input.dim(0));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.expandDims(1).broadcastTo(x.shape().dim(0), times, x.shape().dim(1));
  }

  @Override
  public Config config() {
    return Config.of(type()).with("times", times);
  }

  static RepeatVector of(Config config) {
    return new RepeatVector(config.integer("times"));
  }
}
