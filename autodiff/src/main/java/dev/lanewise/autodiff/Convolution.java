package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import java.util.Arrays;

/**
 * The three operations of a convolution. Each is linear in both arguments, and the gradients of
 * each are the other two.
 */
final class Convolution {
  private Convolution() {}

  static Tensor forward(ConvSpec spec, Tensor x, Tensor filter) {
    NdArray out = x.backend().uninitialized(x.dtype(), spec.output());
    x.backend().conv(spec, x.data(), filter.data(), out);
    return Node.record("conv", new Tensor(out), gradient(spec, x, filter), x, filter);
  }

  /** {@return the convolution plus a bias for each filter, and a function of it unless null} */
  static Tensor withBias(
      Tensor x, Tensor filter, Tensor bias, UnaryOp activation, Window window, int groups) {
    Checks.sameBackend("conv", x, filter);
    Checks.sameBackend("conv", x, bias);
    ConvSpec spec = ConvSpec.of(x.shape(), filter.shape(), window, groups);
    if (!bias.shape().equals(Shape.of(filter.shape().dim(0)))) {
      throw new ShapeException(
          "conv: the bias must have one number for each of the %d filters, [%d], not %s (filter %s)"
              .formatted(
                  filter.shape().dim(0), filter.shape().dim(0), bias.shape(), filter.shape()));
    }
    if (!Fusion.fits(activation, x, filter, bias)) {
      return Elementwise.map(
          Pointwise.of(activation),
          Elementwise.NO_PARAMS,
          withBias(x, filter, bias, null, window, groups));
    }
    int[] dims = new int[spec.output().rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = filter.shape().dim(0);
    Tensor stretching = bias.reshape(Shape.of(dims));
    NdArray out = x.backend().uninitialized(x.dtype(), spec.output());
    Expr epilogue = Fusion.epilogue(activation);
    x.backend()
        .conv(
            spec, x.data(), filter.data(), out, epilogue, Elementwise.NO_PARAMS, stretching.data());
    Gradient gradient = gradient(spec, x, filter);
    return Fusion.record("conv", gradient, activation, out, x, filter, stretching);
  }

  private static Gradient gradient(ConvSpec spec, Tensor x, Tensor filter) {
    Tensor keptX = filter.node == null ? null : x;
    Tensor keptFilter = x.node == null ? null : filter;
    return (input, _, up) ->
        input == 0 ? backwardData(spec, up, keptFilter) : backwardFilter(spec, keptX, up);
  }

  static Tensor backwardData(ConvSpec spec, Tensor up, Tensor filter) {
    NdArray out = up.backend().uninitialized(up.dtype(), spec.input());
    up.backend().convBackwardData(spec, up.data(), filter.data(), out);
    Tensor keptUp = filter.node == null ? null : up;
    Tensor keptFilter = up.node == null ? null : filter;
    Gradient gradient =
        (input, _, v) ->
            input == 0 ? forward(spec, v, keptFilter) : backwardFilter(spec, v, keptUp);
    return Node.record("convBackwardData", new Tensor(out), gradient, up, filter);
  }

  static Tensor backwardFilter(ConvSpec spec, Tensor x, Tensor up) {
    NdArray out = x.backend().uninitialized(x.dtype(), spec.filter());
    x.backend().convBackwardFilter(spec, x.data(), up.data(), out);
    Tensor keptX = up.node == null ? null : x;
    Tensor keptUp = x.node == null ? null : up;
    Gradient gradient =
        (input, _, v) -> input == 0 ? backwardData(spec, keptUp, v) : forward(spec, keptX, v);
    return Node.record("convBackwardFilter", new Tensor(out), gradient, x, up);
  }

  /** {@return the geometry of the convolution whose output has the shape {@code out}} */
  static ConvSpec transposed(Shape out, Shape filter, Window window, int groups, int[] spatial) {
    if (filter.rank() < 3 || out.rank() != filter.rank() || spatial.length != out.rank() - 2) {
      throw new ShapeException(
          "convTranspose: input must be [n, k, spatial...], filter [k, c / groups, kernel...] and"
              + " the result's extents as many as spatial axes (input "
              + out
              + ", filter "
              + filter
              + ", extents "
              + Arrays.toString(spatial)
              + ")");
    }
    int[] dims = out.dims();
    dims[1] = Math.multiplyExact(filter.dim(1), groups);
    System.arraycopy(spatial, 0, dims, 2, spatial.length);
    ConvSpec spec = ConvSpec.of(Shape.of(dims), filter, window, groups);
    if (!spec.output().equals(out)) {
      throw new ShapeException(
          "convTranspose: a convolution of "
              + spec.input()
              + " gives "
              + spec.output()
              + ", not the input's shape "
              + out
              + " (filter "
              + filter
              + ", "
              + window
              + ")");
    }
    return spec;
  }
}
