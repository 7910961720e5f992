package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;

/**
 * Keeps the largest number of each window of a series: {@code [n, c, steps]} to {@code [n, c,
 * steps']}, channels first. Steps that fill no whole window are left out, unless there is padding.
 * Put {@code new Permute(2, 1)} before it for series of {@code [n, steps, features]}.
 */
public final class MaxPool1D extends PoolLayer<MaxPool1D> {

  /**
   * Makes a layer whose windows lie side by side.
   *
   * @param size the steps of a window, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public MaxPool1D(int size) {
    this(new int[] {size});
  }

  private MaxPool1D(int[] size) {
    super(1, size);
  }

  /**
   * Makes a layer.
   *
   * @param size the steps of a window, at least 1
   * @param stride by how much it moves, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public MaxPool1D(int size, int stride) {
    this(size);
    stride(stride);
  }

  @Override
  Tensor pool(Tensor x, Window window) {
    return x.maxPool(window);
  }

  @Override
  MaxPool1D self() {
    return this;
  }

  static MaxPool1D of(Config config) {
    return new MaxPool1D(config.integers("size")).configured(config);
  }
}
