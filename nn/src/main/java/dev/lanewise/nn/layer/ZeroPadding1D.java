package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Adds steps of zeros before and after series, {@code [n, c, steps]}, channels first. With {@code
 * new ZeroPadding1D((extent - 1) * dilation, 0)} before it, a {@link Conv1D} sees no later steps:
 * it is causal.
 */
public final class ZeroPadding1D extends Layer {
  private final int before;
  private final int after;

  /**
   * Makes a layer that adds as many steps before as after.
   *
   * @param margin how many, at least 0
   * @throws IllegalArgumentException if it is negative
   */
  public ZeroPadding1D(int margin) {
    this(margin, margin);
  }

  /**
   * Makes the layer.
   *
   * @param before how many steps come before the first, at least 0
   * @param after how many come after the last, at least 0
   * @throws IllegalArgumentException if a number is negative
   */
  public ZeroPadding1D(int before, int after) {
    this.before = Margins.notNegative("ZeroPadding1D", before);
    this.after = Margins.notNegative("ZeroPadding1D", after);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, before + steps + after]}}
   *
   * @param input the shape of one sample of the input, {@code [c, steps]}
   * @throws ShapeException if it is of another rank, or the output would be too large
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input, 1);
    long steps = (long) input.dim(1) + before + after;
    return Shape.of(input.dim(0), Images.extent(describe(), input, steps));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.pad(2, before, after, 0);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("before", before).with("after", after);
  }

  static ZeroPadding1D of(Config config) {
    return new ZeroPadding1D(config.integer("before"), config.integer("after"));
  }
}
