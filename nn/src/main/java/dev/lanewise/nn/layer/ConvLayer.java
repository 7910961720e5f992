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
 * A convolution: {@code activation(x ∗ kernel + bias)}, with channels first. The kernel is {@code
 * [filters, c / groups, extents…]}, the bias {@code [filters]}.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class ConvLayer<L extends ConvLayer<L>> extends SlidingLayer<L> {
  private final int filters;
  private int groups = 1;

  ConvLayer(int spatial, int filters, int[] kernel, ActivationFunction activation) {
    super(spatial, kernel, activation);
    this.filters = Checks.atLeastOne(type() + ": filters", filters);
  }

  /**
   * Chooses into how many independent parts the channels fall; 1 if nobody does.
   *
   * @param groups how many; it divides the channels of the input, and the filters
   * @return this layer
   * @throws IllegalArgumentException if it is not positive, or does not divide the filters
   * @throws IllegalStateException if the layer is built
   */
  public L groups(int groups) {
    requireUnbuilt("groups");
    if (groups < 1 || filters % groups != 0) {
      throw new IllegalArgumentException(
          "%s: groups must be at least 1 and divide the %d filters, not %d"
              .formatted(type(), filters, groups));
    }
    this.groups = groups;
    return self();
  }

  /**
   * {@return the shape of one sample of the output: {@code filters} and the spatial extents}
   *
   * @param input the shape of one sample of the input: channels and spatial extents
   * @throws ShapeException if it is of another rank, smaller than a filter, or has not as many
   *     channels as the kernel
   */
  @Override
  public Shape outputShape(Shape input) {
    checkChannels(input);
    int channels = input.dim(0);
    if (channels % groups != 0) {
      throw new ShapeException(
          "%s: groups, %d, must divide the %d channels of the input, %s"
              .formatted(describe(), groups, channels, batchOf(input)));
    }
    Window padded = padded(Images.spatial(input));
    Images.check(describe(), input, padded);
    Shape one = Samples.batch(1, input);
    Shape kernel = filters(filters, channels / groups);
    return Samples.sampleOf(ConvSpec.of(one, kernel, padded, groups).output());
  }

  @Override
  final void createWeights(int channels) {
    Fans fans = new Fans(channels / groups * taps(), filters / groups * taps());
    createKernel(filters(filters, channels / groups), filters, fans);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return convolved(x, kernel, padded(x), groups);
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("filters", filters).with("groups", groups));
  }
}
