package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;
import java.util.Objects;

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

  /**
   * {@return the geometry of the convolution whose transpose takes {@code input} to the result's
   * {@link #input}} {@link Backend#convBackwardData} computes it: with {@code input} for the
   * gradient by the output, it gives an output of extents {@code (in − 1) · stride − padLow −
   * padHigh + dilation · (kernel − 1) + 1 + outputPadding}. The filter is that of the convolution,
   * {@code [c of the input, c of the output / groups, kernel…]}, as in PyTorch.
   *
   * {@snippet :
   * // 14×14 to 28×28
   * ConvSpec spec = ConvSpec.transposed(x.shape(), filter.shape(), window, 1, 1, 1);
   * NdArray out = backend.uninitialized(x.dtype(), spec.input());
   * backend.convBackwardData(spec, x, filter, out);
   * }
   *
   * @param input {@code [n, k, spatial…]}
   * @param filter {@code [k, c / groups, kernel…]}
   * @param window stride, padding and dilation; its kernel is the filter's
   * @param groups into how many independent parts the channels fall
   * @param outputPadding how many elements more the output has along each spatial axis, as a stride
   *     leaves open how many there were; none given means 0, otherwise each is less than the stride
   * @throws ShapeException if the parts do not fit together
   */
  public static ConvSpec transposed(
      Shape input, Shape filter, Window window, int groups, int... outputPadding) {
    int spatial = window.rank();
    String given =
        " (input "
            + input
            + ", filter "
            + filter
            + ", groups "
            + groups
            + ", "
            + window
            + ", output padding "
            + Arrays.toString(outputPadding)
            + ")";
    if (input.rank() != spatial + 2 || filter.rank() != spatial + 2) {
      throw new ShapeException(
          "conv: input must be [n, k, spatial...] and filter [k, c / groups, kernel...] with the"
              + " window's spatial axes"
              + given);
    }
    if (outputPadding.length != 0 && outputPadding.length != spatial) {
      throw new ShapeException(
          "conv: output padding needs one entry for each spatial axis" + given);
    }
    if (input.dim(1) != filter.dim(0)) {
      throw new ShapeException(
          "conv: input has "
              + input.dim(1)
              + " channels but the transposed filter expects "
              + filter.dim(0)
              + given);
    }
    int[] out = input.dims();
    out[1] = Math.multiplyExact(filter.dim(1), groups);
    for (int i = 0; i < spatial; i++) {
      int more = outputPadding.length == 0 ? 0 : outputPadding[i];
      if (more < 0 || more >= window.stride(i)) {
        throw new ShapeException(
            "conv: output padding must be at least 0 and less than the stride" + given);
      }
      long extent =
          (input.dim(i + 2) - 1L) * window.stride(i)
              - window.padLow(i)
              - window.padHigh(i)
              + (long) window.dilation(i) * (window.kernel(i) - 1)
              + 1
              + more;
      if (extent < 0 || extent > Integer.MAX_VALUE) {
        throw new ShapeException(
            "conv: spatial axis "
                + i
                + " of the output would have "
                + extent
                + " elements"
                + given);
      }
      out[i + 2] = (int) extent;
    }
    return of(Shape.of(out), filter, window, groups);
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
   * Checks the arrays of {@link Backend#conv(ConvSpec, NdArray, NdArray, NdArray)}.
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
   * Checks a call of {@link Backend#conv(ConvSpec, NdArray, NdArray, NdArray, Expr, double[],
   * NdArray...)}.
   *
   * @param x the input
   * @param filter the filter
   * @param out is written
   * @param epilogue what becomes of an element
   * @param params the scalars
   * @param ins the arguments from 1 on
   * @return all arguments of the expression, stretched to the output's shape: the output, which
   *     holds the convolution, and the ins
   * @throws ShapeException if an array has not the shape said here, or does not stretch
   * @throws DTypeException if the types differ or are not computed in
   * @throws IllegalArgumentException if the expression names an array or a scalar that is not
   *     given, or the output shares memory with an argument
   */
  public NdArray[] checkForward(
      NdArray x, NdArray filter, NdArray out, Expr epilogue, double[] params, NdArray... ins) {
    checkForward(x, filter, out);
    Checks.arrayCount("conv", ins.length + 2);
    Exprs.checkInputs("conv", epilogue, ins.length + 1, params.length);
    NdArray[] arguments = new NdArray[ins.length + 1];
    arguments[0] = out;
    for (int i = 0; i < ins.length; i++) {
      Checks.compute("conv", out, ins[i]);
      arguments[i + 1] = Checks.stretch("conv", "argument " + (i + 1), ins[i], out.shape());
      // The convolution is written before the argument is read.
      Checks.apart("conv", out, ins[i]);
    }
    return arguments;
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

  /** {@return whether the other is the geometry of the same convolution} */
  @Override
  public boolean equals(Object other) {
    // Input, filter, window and groups say the rest.
    return this == other
        || other instanceof ConvSpec c
            && groups == c.groups
            && input.equals(c.input)
            && filter.equals(c.filter)
            && window.equals(c.window);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, filter, window, groups);
  }
}
