package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Samples;

/**
 * Slides filters over each channel of images by itself: {@code [n, c, h, w]} to {@code [n, c ·
 * multiplier, h', w']}, channels first. The kernel is {@code [c · multiplier, 1, kh, kw]}, the bias
 * {@code [c · multiplier]}; output channels of one input channel are neighbours.
 */
public final class DepthwiseConv2D extends SlidingLayer<DepthwiseConv2D> {
  private int multiplier = 1;

  /**
   * Makes a layer with square filters, stride 1, no padding and no activation function.
   *
   * @param kernel height and width of a filter, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public DepthwiseConv2D(int kernel) {
    this(kernel, "linear");
  }

  /**
   * Makes a layer with square filters, stride 1 and no padding.
   *
   * @param kernel height and width of a filter, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if the number is not positive, or there is no such name
   */
  public DepthwiseConv2D(int kernel, String activation) {
    this(new int[] {kernel}, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param kernel height and width of a filter, each at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public DepthwiseConv2D(int[] kernel, ActivationFunction activation) {
    super(2, kernel, activation);
  }

  /**
   * Chooses how many filters each channel has; 1 if nobody does.
   *
   * @param multiplier how many, at least 1
   * @return this layer
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if the layer is built
   */
  public DepthwiseConv2D depthMultiplier(int multiplier) {
    requireUnbuilt("depthMultiplier");
    this.multiplier = Checks.atLeastOne(type() + ": depthMultiplier", multiplier);
    return this;
  }

  /**
   * {@return the shape of one sample of the output, {@code [c · multiplier, h', w']}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, smaller than a filter, or has not as many
   *     channels as the kernel is for
   */
  @Override
  public Shape outputShape(Shape input) {
    checkChannels(input);
    var padded = padded(Images.spatial(input));
    Images.check(describe(), input, padded);
    int channels = input.dim(0);
    Shape kernel = filters(Images.extent(describe(), input, (long) channels * multiplier), 1);
    Shape one = Samples.batch(1, input);
    return Samples.sampleOf(ConvSpec.of(one, kernel, padded, channels).output());
  }

  @Override
  void createWeights(int channels) {
    int filters = channels * multiplier;
    createKernel(filters(filters, 1), filters, new Fans(taps(), multiplier * taps()));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return convolved(x, kernel, padded(x), x.shape().dim(1));
  }

  @Override
  DepthwiseConv2D self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("depthMultiplier", multiplier));
  }

  static DepthwiseConv2D of(Config config) {
    return new DepthwiseConv2D(
            config.integers("kernel"), ActivationFunction.named(config.text("activation")))
        .depthMultiplier(config.integer("depthMultiplier"))
        .configured(config);
  }
}
