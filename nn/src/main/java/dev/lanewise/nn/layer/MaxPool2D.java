package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;

/**
 * Keeps the largest number of each window of an image: {@code [n, c, h, w]} to {@code [n, c, h',
 * w']}, channels first, without padding. Rows and columns that fill no whole window are left out.
 */
public final class MaxPool2D extends Layer {
  private final Window window;

  /**
   * Makes a layer whose windows lie side by side.
   *
   * @param size height and width of a window, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public MaxPool2D(int size) {
    this(size, size);
  }

  /**
   * Makes a layer.
   *
   * @param size height and width of a window, at least 1
   * @param stride by how much it moves, down and across, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public MaxPool2D(int size, int stride) {
    this.window = Window.of(size, size).withStride(stride, stride);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, h', w']}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, or smaller than a window
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input);
    Images.check(describe(), input, window);
    Shape one = Shape.of(1, input.dim(0), input.dim(1), input.dim(2));
    Shape out = PoolSpec.of(one, window).output();
    return Shape.of(out.dim(1), out.dim(2), out.dim(3));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.maxPool(window);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("size", window.kernel(0)).with("stride", window.stride(0));
  }

  static MaxPool2D of(Config config) {
    return new MaxPool2D(config.integer("size"), config.integer("stride"));
  }
}
