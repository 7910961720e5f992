package dev.lanewise.nn.layer;

import dev.lanewise.nn.config.Config;

/**
 * Slides filters over series: {@code activation(x ∗ kernel + bias)}, {@code [n, c, steps]} to
 * {@code [n, filters, steps']}, channels first. The kernel is {@code [filters, c / groups,
 * extent]}, the bias {@code [filters]}. For series of {@code [n, steps, features]}, as an embedding
 * or a recurrent layer gives them, put {@code new Permute(2, 1)} before it.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model =
 *       Sequential.of(
 *           new Conv1D(16, 5, "relu").padding("same").dilation(2),
 *           new GlobalMaxPool1D(),
 *           new Dense(1));
 *   IO.println(model.build(3, 100).summary());
 * }
 * }
 */
public final class Conv1D extends ConvLayer<Conv1D> {

  /**
   * Makes a layer with stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel how many steps a filter looks at, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv1D(int filters, int kernel) {
    this(filters, kernel, ActivationFunction.LINEAR);
  }

  /**
   * Makes a layer with stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel how many steps a filter looks at, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public Conv1D(int filters, int kernel, String activation) {
    this(filters, kernel, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel how many steps a filter looks at, at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv1D(int filters, int kernel, ActivationFunction activation) {
    this(filters, new int[] {kernel}, activation);
  }

  private Conv1D(int filters, int[] kernel, ActivationFunction activation) {
    super(1, filters, kernel, activation);
  }

  @Override
  Conv1D self() {
    return this;
  }

  static Conv1D of(Config config) {
    return new Conv1D(
            config.integer("filters"),
            config.integers("kernel"),
            ActivationFunction.named(config.text("activation")))
        .groups(config.integer("groups"))
        .configured(config);
  }
}
