package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Samples;

/**
 * A {@link DepthwiseConv2D} without bias or function, and then a convolution of single pixels that
 * mixes the channels: {@code [n, c, h, w]} to {@code [n, filters, h', w']}. The depthwise kernel is
 * {@code [c · multiplier, 1, kh, kw]}, the pointwise one {@code [filters, c · multiplier, 1, 1]},
 * the bias {@code [filters]}; the kernel's settings are those of both. (Chollet, Xception: Deep
 * Learning with Depthwise Separable Convolutions, 2017, section 1.1)
 */
public final class SeparableConv2D extends SlidingLayer<SeparableConv2D> {
  private static final Window PIXEL = Window.of(1, 1);

  private final int filters;
  private int multiplier = 1;
  private Tensor depthwise;

  /**
   * Makes a layer with square filters, stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a depthwise filter, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public SeparableConv2D(int filters, int kernel) {
    this(filters, kernel, "linear");
  }

  /**
   * Makes a layer with square filters, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a depthwise filter, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public SeparableConv2D(int filters, int kernel, String activation) {
    this(filters, new int[] {kernel}, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a depthwise filter, each at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public SeparableConv2D(int filters, int[] kernel, ActivationFunction activation) {
    super(2, kernel, activation);
    this.filters = Checks.atLeastOne(type() + ": filters", filters);
  }

  /**
   * Chooses how many depthwise filters each channel has; 1 if nobody does.
   *
   * @param multiplier how many, at least 1
   * @return this layer
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if the layer is built
   */
  public SeparableConv2D depthMultiplier(int multiplier) {
    requireUnbuilt("depthMultiplier");
    this.multiplier = Checks.atLeastOne(type() + ": depthMultiplier", multiplier);
    return this;
  }

  /**
   * {@return the shape of one sample of the output, {@code [filters, h', w']}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, smaller than a filter, or has not as many
   *     channels as the kernels are for
   */
  @Override
  public Shape outputShape(Shape input) {
    checkChannels(input);
    Window padded = padded(Images.spatial(input));
    Images.check(describe(), input, padded);
    int channels = input.dim(0);
    Shape kernel = filters(Images.extent(describe(), input, (long) channels * multiplier), 1);
    Shape out = ConvSpec.of(Samples.batch(1, input), kernel, padded, channels).output();
    return Shape.of(filters, out.dim(2), out.dim(3));
  }

  @Override
  void createWeights(int channels) {
    int between = channels * multiplier;
    depthwise =
        addKernel("depthwise_kernel", filters(between, 1), new Fans(taps(), multiplier * taps()));
    Fans fans = new Fans(between, filters);
    kernel = addKernel("pointwise_kernel", Shape.of(filters, between, 1, 1), fans);
    createBias(Shape.of(filters), fans);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return convolved(x.conv(depthwise, padded(x), x.shape().dim(1)), kernel, PIXEL, 1);
  }

  @Override
  SeparableConv2D self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("filters", filters).with("depthMultiplier", multiplier));
  }

  static SeparableConv2D of(Config config) {
    return new SeparableConv2D(
            config.integer("filters"),
            config.integers("kernel"),
            ActivationFunction.named(config.text("activation")))
        .depthMultiplier(config.integer("depthMultiplier"))
        .configured(config);
  }
}
