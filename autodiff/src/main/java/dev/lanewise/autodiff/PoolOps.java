package dev.lanewise.autodiff;

import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;

/**
 * Operations that make the planes of {@code [n, c, spatial…]} smaller or larger, over 1 to 3
 * spatial axes: poolings and upsamplings.
 *
 * {@snippet :
 * Tensor half = images.maxPool(Window.of(2, 2).withStride(2, 2));
 * Tensor features = half.globalAvgPool();          // [n, c]
 * Tensor large = images.upsampleBilinear(2, 2, false);
 * }
 *
 * <p>All throw {@link ShapeException} if the parts do not fit together. Poolings and {@link
 * #upsampleBilinear} throw {@link dev.lanewise.array.DTypeException} unless the tensor is f32 or
 * f64; {@link #upsampleNearest} takes any type.
 */
public sealed interface PoolOps permits Tensor {

  /**
   * {@return the largest element of each window: {@code [n, c, spatial…]}} Padding never wins; the
   * gradient goes to the first of equals.
   *
   * @param window extents, stride, padding and dilation; padding is at most half the kernel
   */
  default Tensor maxPool(Window window) {
    return maxPool(PoolSpec.of(((Tensor) this).shape(), window));
  }

  /**
   * {@return the largest element of each window of any pooling: {@code [n, c, spatial…]}} Padding
   * never wins; the gradient goes to the first of equals.
   *
   * {@snippet :
   * Tensor y = x.maxPool(PoolSpec.of(x.shape(), Window.of(2, 2).withStride(2, 2), true));
   * }
   *
   * @param spec the geometry; its input has this tensor's shape
   */
  default Tensor maxPool(PoolSpec spec) {
    return Pooling.max(spec, (Tensor) this);
  }

  /**
   * {@return the mean of each window, padding counted as zeros: {@code [n, c, spatial…]}}
   *
   * @param window extents, stride, padding and dilation; padding is at most half the kernel
   */
  default Tensor avgPool(Window window) {
    return avgPool(window, true);
  }

  /**
   * {@return the mean of each window: {@code [n, c, spatial…]}}
   *
   * @param window extents, stride, padding and dilation; padding is at most half the kernel
   * @param countPadding whether padding counts as zeros, or else not at all: by default it does in
   *     PyTorch, and never in Keras
   */
  default Tensor avgPool(Window window, boolean countPadding) {
    return avgPool(PoolSpec.of(((Tensor) this).shape(), window), countPadding);
  }

  /**
   * {@return the mean of each window of any pooling: {@code [n, c, spatial…]}}
   *
   * @param spec the geometry; its input has this tensor's shape
   * @param countPadding whether padding counts as zeros, or else not at all
   */
  default Tensor avgPool(PoolSpec spec, boolean countPadding) {
    return Pooling.average(spec, countPadding, (Tensor) this);
  }

  /**
   * {@return the largest elements of windows that cut each plane into a wanted number of parts, as
   * {@link PoolSpec#adaptive} says: {@code [n, c, output…]}} The gradient goes to the first of
   * equals.
   *
   * @param output the spatial extents of the result, each at least 1
   */
  default Tensor adaptiveMaxPool(int... output) {
    return maxPool(PoolSpec.adaptive(((Tensor) this).shape(), output));
  }

  /**
   * {@return the means of windows that cut each plane into a wanted number of parts, as {@link
   * PoolSpec#adaptive} says: {@code [n, c, output…]}}
   *
   * @param output the spatial extents of the result, each at least 1
   */
  default Tensor adaptiveAvgPool(int... output) {
    return avgPool(PoolSpec.adaptive(((Tensor) this).shape(), output), true);
  }

  /** {@return the largest element of each plane: {@code [n, c]}} */
  default Tensor globalMaxPool() {
    Tensor x = (Tensor) this;
    return maxPool(PoolSpec.global(x.shape())).reshape(x.shape().dim(0), x.shape().dim(1));
  }

  /** {@return the mean of each plane: {@code [n, c]}} */
  default Tensor globalAvgPool() {
    Tensor x = (Tensor) this;
    return avgPool(PoolSpec.global(x.shape()), true).reshape(x.shape().dim(0), x.shape().dim(1));
  }

  /**
   * {@return this with each element of a plane several times side by side along the spatial axes:
   * the nearest neighbour of each new place}
   *
   * @param scale how often, one number for each spatial axis and at least 1
   */
  default Tensor upsampleNearest(int... scale) {
    return Upsampling.nearest((Tensor) this, scale);
  }

  /**
   * {@return the planes of {@code [n, c, h, w]} enlarged to {@code [n, c, scaleH · h, scaleW · w]},
   * each new element mixed from the four around its place} The places are those of PyTorch's {@code
   * interpolate}: with corners aligned, the first and last elements of the old and of the new axis
   * lie upon each other; otherwise their outer edges do, and places outside the old elements'
   * centers take the nearest center.
   *
   * @param scaleH how many times higher, at least 1
   * @param scaleW how many times wider, at least 1
   * @param alignCorners whether corners are aligned
   */
  default Tensor upsampleBilinear(int scaleH, int scaleW, boolean alignCorners) {
    return Upsampling.bilinear((Tensor) this, scaleH, scaleW, alignCorners);
  }
}
