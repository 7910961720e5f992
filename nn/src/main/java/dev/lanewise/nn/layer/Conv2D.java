package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;

/**
 * Slides filters over images: {@code activation(x ∗ kernel + bias)}, {@code [n, c, h, w]} to {@code
 * [n, filters, h', w']}, channels first. The kernel is {@code [filters, c, kh, kw]}, the bias
 * {@code [filters]}.
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
public final class Conv2D extends KernelLayer<Conv2D> {
  private final int filters;
  private Window window;
  private Padding padding = Padding.VALID;

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
    super(activation);
    if (filters < 1) {
      throw new IllegalArgumentException("Conv2D: filters must be at least 1, not " + filters);
    }
    this.filters = filters;
    this.window = Window.of(kernel, kernel);
  }

  /**
   * Chooses the step of the filters; 1 if nobody does.
   *
   * @param stride by how much they move, down and across
   * @return this layer
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if the layer is built
   */
  public Conv2D stride(int stride) {
    requireUnbuilt("stride");
    window = window.withStride(stride, stride);
    return this;
  }

  /**
   * Chooses what happens at the borders; {@link Padding#VALID} if nobody does.
   *
   * @param padding what happens
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public Conv2D padding(Padding padding) {
    requireUnbuilt("padding");
    this.padding = padding;
    return this;
  }

  /**
   * Chooses what happens at the borders; {@code "valid"} if nobody does.
   *
   * @param padding {@code "valid"} or {@code "same"}
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public Conv2D padding(String padding) {
    return padding(Padding.named(padding));
  }

  /**
   * {@return the shape of one sample of the output, {@code [filters, h', w']}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, smaller than a filter, or has not as many
   *     channels as the kernel
   */
  @Override
  public Shape outputShape(Shape input) {
    if (isBuilt() && input.rank() == 3 && input.dim(0) != kernel.shape().dim(1)) {
      throw new ShapeException(
          "%s: input must have %d channels, not %d (input %s, kernel %s)"
              .formatted(
                  describe(), kernel.shape().dim(1), input.dim(0), batchOf(input), kernel.shape()));
    }
    Images.check(describe(), input);
    Window padded = padding.around(window, input.dim(1), input.dim(2));
    Images.check(describe(), input, padded);
    Shape one = Shape.of(1, input.dim(0), input.dim(1), input.dim(2));
    Shape out = ConvSpec.of(one, kernelShape(input), padded, 1).output();
    return Shape.of(filters, out.dim(2), out.dim(3));
  }

  private Shape kernelShape(Shape input) {
    return Shape.of(filters, input.dim(0), window.kernel(0), window.kernel(1));
  }

  @Override
  protected void createWeights(Shape input) {
    long taps = (long) window.kernel(0) * window.kernel(1);
    Fans fans = new Fans(input.dim(0) * taps, filters * taps);
    createKernel(kernelShape(input), filters, fans);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Window padded = padding.around(window, x.shape().dim(2), x.shape().dim(3));
    if (bias == null) {
      return activation.apply(x.conv(kernel, padded, 1));
    }
    return activation
        .elementwise()
        .map(function -> x.conv(kernel, bias, function, padded, 1))
        .orElseGet(() -> activation.apply(x.conv(kernel, bias, padded, 1)));
  }

  @Override
  Conv2D self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(
        Config.of(type())
            .with("filters", filters)
            .with("kernel", window.kernel(0))
            .with("stride", window.stride(0))
            .with("padding", padding));
  }

  static Conv2D of(Config config) {
    return new Conv2D(
            config.integer("filters"), config.integer("kernel"), config.text("activation"))
        .stride(config.integer("stride"))
        .padding(config.text("padding"))
        .configured(config);
  }
}
