package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;

/**
 * The geometry of a convolution over 1 to 3 spatial axes, checked. As in the field, "convolution"
 * is the cross-correlation: the filter is not flipped. Layouts are {@code [n, c, spatial…]} for the
 * input, {@code [k, c / groups, kernel…]} for the filter and {@code [n, k, spatial…]} for the
 * output, where output extents are {@code (in + padLow + padHigh − dilation·(kernel − 1) − 1) /
 * stride + 1}, rounded down.
 */
public final class ConvSpec {
  private final Shape input;
  private final Shape filter;
  private final Shape output;
  private final Window window;
  private final int groups;

  private ConvSpec(Shape input, Shape filter, Shape output, Window window, int groups) {
    this.input = input;
    this.filter = filter;
    this.output = output;
    this.window = window;
    this.groups = groups;
  }

  /**
   * {@return the geometry of a convolution}
   *
   * @param input {@code [n, c, spatial…]}
   * @param filter {@code [k, c / groups, kernel…]}
   * @param window stride, padding and dilation; its kernel is the filter's
   * @param groups into how many independent parts the channels fall; divides c and k
   * @throws ShapeException if the parts do not fit together
   */
  public static ConvSpec of(Shape input, Shape filter, Window window, int groups) {
    int spatial = input.rank() - 2;
    String shapes = " (input " + input + ", filter " + filter + ", groups " + groups + ")";
    if (spatial < 1 || spatial > 3 || filter.rank() != input.rank()) {
      throw new ShapeException(
          "conv: input must be [n, c, spatial...] and filter [k, c / groups, kernel...] with the"
              + " same 1 to 3 spatial axes"
              + shapes);
    }
    if (groups < 1 || filter.dim(0) % groups != 0) {
      throw new ShapeException(
          "conv: groups must be at least 1 and divide the filter's "
              + filter.dim(0)
              + " outputs"
              + shapes);
    }
    if (input.dim(1) != (long) filter.dim(1) * groups) {
      throw new ShapeException(
          "conv: input has "
              + input.dim(1)
              + " channels but the filter expects "
              + (long) filter.dim(1) * groups
              + shapes);
    }
    int[] kernel = Arrays.copyOfRange(filter.dims(), 2, filter.rank());
    if (!Arrays.equals(kernel, window.kernel())) {
      throw new ShapeException(
          "conv: the window's kernel "
              + Arrays.toString(window.kernel())
              + " is not the filter's"
              + shapes);
    }
    int[] out = window.outputDims("conv", input);
    out[1] = filter.dim(0);
    return new ConvSpec(input, filter, Shape.of(out), window, groups);
  }

  /** {@return {@code [n, c, spatial…]}} */
  public Shape input() {
    return input;
  }

  /** {@return {@code [k, c / groups, kernel…]}} */
  public Shape filter() {
    return filter;
  }

  /** {@return {@code [n, k, spatial…]}} */
  public Shape output() {
    return output;
  }

  /** {@return kernel extents, stride, padding and dilation} */
  public Window window() {
    return window;
  }

  /** {@return the number of independent parts} */
  public int groups() {
    return groups;
  }

  /**
   * Checks the arrays of {@link Backend#conv}.
   *
   * @param x the input
   * @param filter the filter
   * @param out is written
   * @throws ShapeException if an array has not the shape said here
   * @throws DTypeException if the types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public void checkForward(NdArray x, NdArray filter, NdArray out) {
    check("conv", x, filter, out);
    Checks.output("conv", out);
    Checks.apart("conv", out, x, filter);
  }

  /**
   * Checks the arrays of {@link Backend#convBackwardData}.
   *
   * @param outGrad the gradient by the output
   * @param filter the filter
   * @param xGrad is written
   * @throws ShapeException if an array has not the shape said here
   * @throws DTypeException if the types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public void checkBackwardData(NdArray outGrad, NdArray filter, NdArray xGrad) {
    check("convBackwardData", xGrad, filter, outGrad);
    Checks.output("convBackwardData", xGrad);
    Checks.apart("convBackwardData", xGrad, outGrad, filter);
  }

  /**
   * Checks the arrays of {@link Backend#convBackwardFilter}.
   *
   * @param x the input
   * @param outGrad the gradient by the output
   * @param filterGrad is written
   * @throws ShapeException if an array has not the shape said here
   * @throws DTypeException if the types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public void checkBackwardFilter(NdArray x, NdArray outGrad, NdArray filterGrad) {
    check("convBackwardFilter", x, filterGrad, outGrad);
    Checks.output("convBackwardFilter", filterGrad);
    Checks.apart("convBackwardFilter", filterGrad, x, outGrad);
  }

  private void check(String operation, NdArray in, NdArray weights, NdArray out) {
    Checks.compute(operation, in, weights, out);
    Checks.shape(operation, "input", in, input);
    Checks.shape(operation, "filter", weights, filter);
    Checks.shape(operation, "output", out, output);
  }
}
