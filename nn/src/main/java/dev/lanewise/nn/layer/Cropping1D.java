package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/** Takes steps away from both ends of series, {@code [n, c, steps]}, channels first. */
public final class Cropping1D extends Layer {
  private final int before;
  private final int after;

  /**
   * Makes a layer that takes as many steps away at the end as at the beginning.
   *
   * @param margin how many, at least 0
   * @throws IllegalArgumentException if it is negative
   */
  public Cropping1D(int margin) {
    this(margin, margin);
  }

  /**
   * Makes the layer.
   *
   * @param before how many of the first steps it takes away, at least 0
   * @param after how many of the last ones, at least 0
   * @throws IllegalArgumentException if a number is negative
   */
  public Cropping1D(int before, int after) {
    this.before = Margins.notNegative("Cropping1D", before);
    this.after = Margins.notNegative("Cropping1D", after);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, steps − before − after]}}
   *
   * @param input the shape of one sample of the input, {@code [c, steps]}
   * @throws ShapeException if it is of another rank, or nothing is left
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input, 1);
    long steps = (long) input.dim(1) - before - after;
    if (steps < 1) {
      throw new ShapeException(
          "%s: nothing is left of %s without %d + %d steps"
              .formatted(describe(), batchOf(input), before, after));
    }
    return Shape.of(input.dim(0), (int) steps);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.slice(2, before, x.shape().dim(2) - after);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("before", before).with("after", after);
  }

  static Cropping1D of(Config config) {
    return new Cropping1D(config.integer("before"), config.integer("after"));
  }
}
