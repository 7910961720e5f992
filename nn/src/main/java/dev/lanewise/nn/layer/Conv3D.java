package dev.lanewise.nn.layer;

import dev.lanewise.nn.config.Config;

/**
 * Slides filters over volumes: {@code activation(x ∗ kernel + bias)}, {@code [n, c, d, h, w]} to
 * {@code [n, filters, d', h', w']}, channels first. The kernel is {@code [filters, c / groups, kd,
 * kh, kw]}, the bias {@code [filters]}.
 */
public final class Conv3D extends ConvLayer<Conv3D> {

  /**
   * Makes a layer with cubic filters, stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel depth, height and width of a filter, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv3D(int filters, int kernel) {
    this(filters, kernel, ActivationFunction.LINEAR);
  }

  /**
   * Makes a layer with cubic filters, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel depth, height and width of a filter, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public Conv3D(int filters, int kernel, String activation) {
    this(filters, kernel, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with cubic filters, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel depth, height and width of a filter, at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv3D(int filters, int kernel, ActivationFunction activation) {
    this(filters, new int[] {kernel}, activation);
  }

  /**
   * Makes a layer with filters of any extents, stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel depth, height and width of a filter, each at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv3D(int filters, int[] kernel) {
    this(filters, kernel, ActivationFunction.LINEAR);
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel depth, height and width of a filter, each at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public Conv3D(int filters, int[] kernel, String activation) {
    this(filters, kernel, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel depth, height and width of a filter, each at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv3D(int filters, int[] kernel, ActivationFunction activation) {
    super(3, filters, kernel, activation);
  }

  @Override
  Conv3D self() {
    return this;
  }

  static Conv3D of(Config config) {
    return new Conv3D(
            config.integer("filters"),
            config.integers("kernel"),
            ActivationFunction.named(config.text("activation")))
        .groups(config.integer("groups"))
        .configured(config);
  }
}
