package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;

/**
 * The settings of layers whose kernel slides over the spatial axes of series, {@code [n, c,
 * steps]}, of images, {@code [n, c, h, w]}, or of volumes, {@code [n, c, d, h, w]}.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class SlidingLayer<L extends SlidingLayer<L>> extends KernelLayer<L> {
  /** Its padding is that of {@link #padding} when the input is known. */
  private Window window;

  private Padding padding = Padding.VALID;

  /** Of the input that the weights were made for; 0 before. */
  private int channels;

  /**
   * Makes a layer with stride 1, no padding and no gaps.
   *
   * @param spatial the number of spatial axes
   * @param kernel the extents of a filter, one for each spatial axis or one for all
   */
  SlidingLayer(int spatial, int[] kernel, ActivationFunction activation) {
    super(activation);
    window = Window.of(Images.each(spatial, kernel));
    if (window.rank() != spatial) {
      throw new ShapeException(
          "%s: the kernel must have 1 or %d extents, not %d"
              .formatted(type(), spatial, window.rank()));
    }
  }

  /**
   * Chooses the step of the filters; 1 if nobody does.
   *
   * @param stride by how much they move along each spatial axis; one number for all of them
   * @return this layer
   * @throws ShapeException if a number is not positive, or there is not one for each axis
   * @throws IllegalStateException if the layer is built
   */
  public L stride(int... stride) {
    requireUnbuilt("stride");
    window = window.withStride(Images.each(window.rank(), stride));
    return self();
  }

  /**
   * Chooses the distance between neighbouring elements that a filter looks at; 1 if nobody does.
   *
   * @param dilation the distance along each spatial axis; one number for all of them
   * @return this layer
   * @throws ShapeException if a number is not positive, or there is not one for each axis
   * @throws IllegalStateException if the layer is built
   */
  public L dilation(int... dilation) {
    requireUnbuilt("dilation");
    window = window.withDilation(Images.each(window.rank(), dilation));
    return self();
  }

  /**
   * Chooses what happens at the borders; {@link Padding#VALID} if nobody does.
   *
   * @param padding what happens
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L padding(Padding padding) {
    requireUnbuilt("padding");
    this.padding = padding;
    return self();
  }

  /**
   * Chooses what happens at the borders; {@code "valid"} if nobody does.
   *
   * @param padding {@code "valid"} or {@code "same"}
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public L padding(String padding) {
    return padding(Padding.named(padding));
  }

  final Padding padding() {
    return padding;
  }

  final Window window() {
    return window;
  }

  /** {@return the window with what padding adds around samples of some extents} */
  final Window padded(int... extents) {
    return padding.around(window, extents);
  }

  /** {@return the window with what padding adds around a batch} */
  final Window padded(Tensor x) {
    int[] dims = x.shape().dims();
    return padded(Arrays.copyOfRange(dims, 2, dims.length));
  }

  /** {@return how many elements one filter looks at in each channel} */
  final long taps() {
    long taps = 1;
    for (int extent : window.kernel()) {
      taps *= extent;
    }
    return taps;
  }

  /** {@return the shape of filters} */
  final Shape filters(int filters, int channels) {
    int[] dims = new int[window.rank() + 2];
    dims[0] = filters;
    dims[1] = channels;
    System.arraycopy(window.kernel(), 0, dims, 2, window.rank());
    return Shape.of(dims);
  }

  /** Refuses samples of another rank, or with other channels than the weights were made for. */
  final void checkChannels(Shape input) {
    Images.check(describe(), input, window.rank());
    if (isBuilt() && input.dim(0) != channels) {
      throw new ShapeException(
          "%s: input must have %d channels, not %d (input %s, kernel %s)"
              .formatted(describe(), channels, input.dim(0), batchOf(input), kernel.shape()));
    }
  }

  @Override
  protected void createWeights(Shape input) {
    channels = input.dim(0);
    createWeights(channels);
  }

  /** Makes the weights for so many channels. */
  abstract void createWeights(int channels);

  /** {@return the function of a convolution plus the bias, computed in one go where that can be} */
  final Tensor convolved(Tensor x, Tensor filter, Window padded, int groups) {
    if (bias == null) {
      return activation.apply(x.conv(filter, padded, groups));
    }
    return activation
        .elementwise()
        .map(function -> x.conv(filter, bias, function, padded, groups))
        .orElseGet(() -> activation.apply(x.conv(filter, bias, padded, groups)));
  }

  @Override
  final Config describe(Config config) {
    return super.describe(
        config
            .with("kernel", window.kernel())
            .with("stride", Images.each(window, Window::stride))
            .with("dilation", Images.each(window, Window::dilation))
            .with("padding", padding));
  }

  @Override
  final L configured(Config config) {
    stride(config.integers("stride"));
    dilation(config.integers("dilation"));
    padding(config.text("padding"));
    return super.configured(config);
  }
}
