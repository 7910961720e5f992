package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** Repeats each step of series: {@code [n, c, steps]} to {@code [n, c, steps · times]}. */
public final class UpSampling1D extends Layer {
  private final int times;

  /**
   * Makes the layer.
   *
   * @param times how often each step is there, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public UpSampling1D(int times) {
    this.times = Checks.atLeastOne("UpSampling1D: times", times);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, steps · times]}}
   *
   * @param input the shape of one sample of the input, {@code [c, steps]}
   * @throws ShapeException if it is of another rank, or the output would be too large
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input, 1);
    long steps = (long) input.dim(1) * times;
    return Shape.of(input.dim(0), Images.extent(describe(), input, steps));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.upsampleNearest(times);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("times", times);
  }

  static UpSampling1D of(Config config) {
    return new UpSampling1D(config.integer("times"));
  }
}
