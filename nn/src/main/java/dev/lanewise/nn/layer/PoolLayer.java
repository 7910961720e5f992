package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Samples;
import java.util.Arrays;

/**
 * The settings of layers that make one number of each window of a channel.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class PoolLayer<L extends PoolLayer<L>> extends Layer {
  private Window window;
  private Padding padding = Padding.VALID;

  /**
   * Makes a layer whose windows lie side by side, without padding.
   *
   * @param spatial the number of spatial axes
   * @param size the extents of a window, one for each spatial axis or one for all
   */
  PoolLayer(int spatial, int... size) {
    int[] sizes = Images.each(spatial, size);
    window = Window.of(sizes).withStride(sizes);
    if (sizes.length != spatial) {
      throw new ShapeException(
          "%s: the size must have 1 or %d extents, not %d"
              .formatted(type(), spatial, sizes.length));
    }
  }

  /** {@return this layer} */
  abstract L self();

  /** {@return one number for each window} */
  abstract Tensor pool(Tensor x, Window window);

  /**
   * Chooses the step of the windows; their size if nobody does.
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
   * Chooses what happens at the borders; {@link Padding#VALID} if nobody does. What is added never
   * counts, in a mean neither.
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

  /**
   * {@return the shape of one sample of the output, with as many channels as the input}
   *
   * @param input the shape of one sample of the input: channels and spatial extents
   * @throws ShapeException if it is of another rank, or smaller than a window
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input, window.rank());
    Window padded = padding.around(window, Images.spatial(input));
    Images.check(describe(), input, padded);
    return Samples.sampleOf(PoolSpec.of(Samples.batch(1, input), padded).output());
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    int[] dims = x.shape().dims();
    return pool(x, padding.around(window, Arrays.copyOfRange(dims, 2, dims.length)));
  }

  @Override
  public Config config() {
    return Config.of(type())
        .with("size", window.kernel())
        .with("stride", Images.each(window, Window::stride))
        .with("padding", padding);
  }

  /** Takes stride and padding over from a config. */
  final L configured(Config config) {
    return stride(config.integers("stride")).padding(config.text("padding"));
  }
}
