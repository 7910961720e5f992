package dev.lanewise.autodiff;

import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import java.util.Objects;

/**
 * Convolutions over the spatial axes of {@code [n, c, spatial…]}; poolings are in {@link PoolOps}.
 */
public sealed interface ConvOps permits Tensor {

  /**
   * {@return the convolution with a filter: {@code [n, k, spatial…]}} As in the field, the filter
   * is not flipped.
   *
   * {@snippet :
   * Tensor features = images.conv(filter, Window.of(3, 3).withSamePadding(), 1);
   * }
   *
   * @param filter {@code [k, c / groups, kernel…]}
   * @param window stride, padding and dilation; its kernel is the filter's
   * @param groups into how many independent parts the channels fall; divides c and k
   * @throws dev.lanewise.array.ShapeException if the parts do not fit together
   * @throws dev.lanewise.array.DTypeException unless both are f32 or both f64
   */
  default Tensor conv(Tensor filter, Window window, int groups) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("conv", x, filter);
    return Convolution.forward(ConvSpec.of(x.shape(), filter.shape(), window, groups), x, filter);
  }

  /**
   * {@return {@code conv(filter, window, groups)} plus a bias for each filter, computed in one
   * pass} Numbers and gradients are the same.
   *
   * @param filter {@code [k, c / groups, kernel…]}
   * @param bias {@code [k]}
   * @param window stride, padding and dilation; its kernel is the filter's
   * @param groups into how many independent parts the channels fall; divides c and k
   * @throws dev.lanewise.array.ShapeException if the parts do not fit together
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  default Tensor conv(Tensor filter, Tensor bias, Window window, int groups) {
    return Convolution.withBias((Tensor) this, filter, bias, null, window, groups);
  }

  /**
   * {@return a function of {@code conv(filter, window, groups)} plus a bias for each filter,
   * computed in one pass} Numbers and gradients are the same. Where a function's gradient needs its
   * argument again, as that of {@link UnaryOp#SILU} does, recorded calls keep the sum in memory.
   *
   * {@snippet :
   * Tensor features = images.conv(filter, bias, UnaryOp.RELU, Window.of(3, 3).withSamePadding(), 1);
   * }
   *
   * @param filter {@code [k, c / groups, kernel…]}
   * @param bias {@code [k]}
   * @param activation the function
   * @param window stride, padding and dilation; its kernel is the filter's
   * @param groups into how many independent parts the channels fall; divides c and k
   * @throws dev.lanewise.array.ShapeException if the parts do not fit together
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  default Tensor conv(Tensor filter, Tensor bias, UnaryOp activation, Window window, int groups) {
    Objects.requireNonNull(activation, "activation");
    return Convolution.withBias((Tensor) this, filter, bias, activation, window, groups);
  }

  /**
   * {@return the transposed convolution with a filter, the gradient of {@link #conv} by its input:
   * {@code [n, c, spatial…]} from this of {@code [n, k, spatial…]}}
   *
   * @param filter {@code [k, c / groups, kernel…]}
   * @param window stride, padding and dilation of the convolution that is transposed
   * @param groups into how many independent parts the channels fall; divides c and k
   * @param spatial the spatial extents of the result; the convolution of it has this tensor's
   * @throws dev.lanewise.array.ShapeException if the parts do not fit together
   * @throws dev.lanewise.array.DTypeException unless both are f32 or both f64
   */
  default Tensor convTranspose(Tensor filter, Window window, int groups, int... spatial) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("convTranspose", x, filter);
    return Convolution.backwardData(
        Convolution.transposed(x.shape(), filter.shape(), window, groups, spatial), x, filter);
  }
}
