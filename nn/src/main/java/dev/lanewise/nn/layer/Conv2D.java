package dev.lanewise.nn.layer;

import dev.lanewise.nn.config.Config;

/**
 * Slides filters over images: {@code activation(x ∗ kernel + bias)}, {@code [n, c, h, w]} to {@code
 * [n, filters, h', w']}, channels first. The kernel is {@code [filters, c / groups, kh, kw]}, the
 * bias {@code [filters]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model =
 *       Sequential.of(
 *           new Conv2D(32, 3, "relu").padding("same"),
 *           new MaxPool2D(2),
 *           new Flatten(),
 *           new Dense(10));
 *   IO.println(model.build(1, 28, 28).summary());
 * }
 * }
 */
public final class Conv2D extends ConvLayer<Conv2D> {

  /**
   * Makes a layer with square filters, stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2D(int filters, int kernel) {
    this(filters, kernel, ActivationFunction.LINEAR);
  }

  /**
   * Makes a layer with square filters, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public Conv2D(int filters, int kernel, String activation) {
    this(filters, kernel, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with square filters, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2D(int filters, int kernel, ActivationFunction activation) {
    this(filters, new int[] {kernel}, activation);
  }

  /**
   * Makes a layer with filters of any extents, stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, each at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2D(int filters, int[] kernel) {
    this(filters, kernel, ActivationFunction.LINEAR);
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, each at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public Conv2D(int filters, int[] kernel, String activation) {
    this(filters, kernel, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, each at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2D(int filters, int[] kernel, ActivationFunction activation) {
    super(2, filters, kernel, activation);
  }

  @Override
  Conv2D self() {
    return this;
  }

  static Conv2D of(Config config) {
    return new Conv2D(
            config.integer("filters"),
            config.integers("kernel"),
            ActivationFunction.named(config.text("activation")))
        .groups(config.integer("groups"))
        .configured(config);
  }
}
