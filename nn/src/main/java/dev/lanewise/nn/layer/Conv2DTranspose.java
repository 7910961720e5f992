package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.internal.Checks;

/**
 * Makes images larger by filters that are learned: what a {@link Conv2D} of the same settings does
 * to gradients, {@code [n, c, h, w]} to {@code [n, filters, h', w']}, channels first. The kernel is
 * {@code [c, filters, kh, kw]}, the bias {@code [filters]}.
 *
 * <p>With padding {@link Padding#SAME}, h' is {@code h · stride}; otherwise {@code (h − 1) · stride
 * + max(extent, stride)}, where extent is what a filter spans with its gaps. So it is in Keras; in
 * PyTorch it is so with {@code output_padding} where a stride is larger than that.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var decoder =
 *       Sequential.of(
 *           new Dense(8 * 7 * 7, "relu"),
 *           new Reshape(8, 7, 7),
 *           new Conv2DTranspose(4, 3, "relu").stride(2).padding("same"),
 *           new Conv2DTranspose(1, 3, "sigmoid").stride(2).padding("same"));
 *   IO.println(decoder.build(2).summary()); // images of 28 x 28
 * }
 * }
 */
public final class Conv2DTranspose extends SlidingLayer<Conv2DTranspose> {
  private final int filters;

  /**
   * Makes a layer with square filters, stride 1, no padding and no activation function.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2DTranspose(int filters, int kernel) {
    this(filters, kernel, "linear");
  }

  /**
   * Makes a layer with square filters, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if a number is not positive, or there is no such name
   */
  public Conv2DTranspose(int filters, int kernel, String activation) {
    this(filters, new int[] {kernel}, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer with filters of any extents, stride 1 and no padding.
   *
   * @param filters the number of output channels, at least 1
   * @param kernel height and width of a filter, each at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2DTranspose(int filters, int[] kernel, ActivationFunction activation) {
    super(2, kernel, activation);
    this.filters = Checks.atLeastOne(type() + ": filters", filters);
  }

  /**
   * {@return the shape of one sample of the output, {@code [filters, h', w']}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, empty, or has not as many channels as the
   *     kernel, or the output would be too large
   */
  @Override
  public Shape outputShape(Shape input) {
    checkChannels(input);
    return Shape.of(filters, grown(input, 0), grown(input, 1));
  }

  private int grown(Shape input, int axis) {
    long stride = window().stride(axis);
    long extent = input.dim(axis + 1);
    long grown =
        padding() == Padding.SAME
            ? extent * stride
            : (extent - 1) * stride + Math.max(stride, Images.reach(window(), axis));
    if (extent == 0) {
      throw new ShapeException(
          "%s: can not enlarge the empty images %s".formatted(describe(), batchOf(input)));
    }
    return Images.extent(describe(), input, grown);
  }

  @Override
  void createWeights(int channels) {
    Fans fans = new Fans(channels * taps(), filters * taps());
    createKernel(filters(channels, filters), filters, fans);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape sample = Shape.of(x.shape().dim(1), x.shape().dim(2), x.shape().dim(3));
    int[] spatial = {grown(sample, 0), grown(sample, 1)};
    Tensor y = x.convTranspose(kernel, padded(spatial), 1, spatial);
    return activation.apply(bias == null ? y : y.add(bias.reshape(filters, 1, 1)));
  }

  @Override
  Conv2DTranspose self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("filters", filters));
  }

  static Conv2DTranspose of(Config config) {
    return new Conv2DTranspose(
            config.integer("filters"),
            config.integers("kernel"),
            ActivationFunction.named(config.text("activation")))
        .configured(config);
  }
}
