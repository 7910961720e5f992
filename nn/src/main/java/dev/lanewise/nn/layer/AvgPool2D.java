package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;

/**
 * Takes the mean of each window of an image: {@code [n, c, h, w]} to {@code [n, c, h', w']},
 * channels first. Rows and columns that fill no whole window are left out, unless there is padding.
 */
public final class AvgPool2D extends PoolLayer<AvgPool2D> {

  /**
   * Makes a layer whose windows lie side by side.
   *
   * @param size height and width of a window, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public AvgPool2D(int size) {
    super(2, size);
  }

  /**
   * Makes a layer.
   *
   * @param size height and width of a window, at least 1
   * @param stride by how much it moves, down and across, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public AvgPool2D(int size, int stride) {
    this(size);
    stride(stride);
  }

  /**
   * Makes a layer whose windows lie side by side.
   *
   * @param size height and width of a window, each at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public AvgPool2D(int[] size) {
    super(2, size);
  }

  @Override
  Tensor pool(Tensor x, Window window) {
    return x.avgPool(window, false);
  }

  @Override
  AvgPool2D self() {
    return this;
  }

  static AvgPool2D of(Config config) {
    return new AvgPool2D(config.integers("size")).configured(config);
  }
}
