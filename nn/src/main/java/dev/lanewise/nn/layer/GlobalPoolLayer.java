package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;

/**
 * Makes one number of each channel.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class GlobalPoolLayer<L extends GlobalPoolLayer<L>> extends Layer {
  private final int spatial;
  private boolean keepDims;

  GlobalPoolLayer(int spatial) {
    this.spatial = spatial;
  }

  /** {@return this layer} */
  abstract L self();

  /** {@return {@code [n, c]}} */
  abstract Tensor pool(Tensor x);

  /**
   * Chooses whether the spatial axes stay, with an extent of 1; they do not if nobody does.
   *
   * @param keepDims whether they do
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L keepDims(boolean keepDims) {
    requireUnbuilt("keepDims");
    this.keepDims = keepDims;
    return self();
  }

  /**
   * {@return the shape of one sample of the output: the channels}
   *
   * @param input the shape of one sample of the input: channels and spatial extents
   * @throws ShapeException if it is of another rank, or empty
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input, spatial);
    Images.requirePixels(describe(), input);
    int[] dims = new int[keepDims ? spatial + 1 : 1];
    Arrays.fill(dims, 1);
    dims[0] = input.dim(0);
    return Shape.of(dims);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor y = pool(x);
    for (int i = 0; keepDims && i < spatial; i++) {
      y = y.expandDims(-1);
    }
    return y;
  }

  @Override
  public Config config() {
    return Config.of(type()).with("keepDims", keepDims);
  }
}
