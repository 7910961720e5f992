package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;

/**
 * Keeps the largest number of each window of a volume: {@code [n, c, d, h, w]} to {@code [n, c, d',
 * h', w']}, channels first. What fills no whole window is left out, unless there is padding.
 */
public final class MaxPool3D extends PoolLayer<MaxPool3D> {

  /**
   * Makes a layer whose windows lie side by side.
   *
   * @param size depth, height and width of a window, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public MaxPool3D(int size) {
    super(3, size);
  }

  /**
   * Makes a layer.
   *
   * @param size depth, height and width of a window, at least 1
   * @param stride by how much it moves along each axis, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public MaxPool3D(int size, int stride) {
    this(size);
    stride(stride);
  }

  /**
   * Makes a layer whose windows lie side by side.
   *
   * @param size depth, height and width of a window, each at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public MaxPool3D(int[] size) {
    super(3, size);
  }

  @Override
  Tensor pool(Tensor x, Window window) {
    return x.maxPool(window);
  }

  @Override
  MaxPool3D self() {
    return this;
  }

  static MaxPool3D of(Config config) {
    return new MaxPool3D(config.integers("size")).configured(config);
  }
}
