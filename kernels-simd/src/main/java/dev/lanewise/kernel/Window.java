package dev.lanewise.kernel;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;

/**
 * A window that slides over the spatial axes of {@code [n, c, spatial…]}: of a convolution or a
 * pooling. Immutable; every list has one entry for each spatial axis.
 *
 * {@snippet :
 * Window.of(3, 3).withSamePadding();   // 3×3, stride 1, the output as large as the input
 * Window.of(2, 2).withStride(2, 2);    // the usual pooling
 * }
 */
public final class Window {
  private final int[] kernel;
  private final int[] stride;
  private final int[] padLow;
  private final int[] padHigh;
  private final int[] dilation;

  private Window(int[] kernel, int[] stride, int[] padLow, int[] padHigh, int[] dilation) {
    this.kernel = kernel;
    this.stride = stride;
    this.padLow = padLow;
    this.padHigh = padHigh;
    this.dilation = dilation;
  }

  /**
   * {@return a window with stride 1, no padding and no dilation}
   *
   * @param kernel its extents, each at least 1
   * @throws ShapeException if an extent is not positive
   */
  public static Window of(int... kernel) {
    int[] ones = new int[kernel.length];
    Arrays.fill(ones, 1);
    int[] zeros = new int[kernel.length];
    return new Window(atLeast("kernel", 1, kernel, kernel), ones, zeros, zeros, ones);
  }

  /**
   * {@return this window with another step}
   *
   * @param stride by how much it moves, each at least 1
   */
  public Window withStride(int... stride) {
    return new Window(kernel, atLeast("stride", 1, stride, kernel), padLow, padHigh, dilation);
  }

  /**
   * {@return this window with padding, the same on both sides of an axis}
   *
   * @param padding how far the input is extended, each at least 0
   */
  public Window withPadding(int... padding) {
    int[] pad = atLeast("padding", 0, padding, kernel);
    return new Window(kernel, stride, pad, pad, dilation);
  }

  /**
   * {@return this window with padding that may differ between the sides of an axis}
   *
   * @param low how far the input is extended before its first element, each at least 0
   * @param high how far it is extended after its last element, each at least 0
   * @throws ShapeException if a number is negative, or there is not one for each axis
   */
  public Window withPadding(int[] low, int[] high) {
    int[] padLow = atLeast("padding", 0, low, kernel);
    return new Window(kernel, stride, padLow, atLeast("padding", 0, high, kernel), dilation);
  }

  /**
   * {@return this window with gaps}
   *
   * @param dilation the distance between neighbouring taps, each at least 1
   */
  public Window withDilation(int... dilation) {
    return new Window(kernel, stride, padLow, padHigh, atLeast("dilation", 1, dilation, kernel));
  }

  /**
   * {@return this window with the padding that makes a stride of 1 keep the extents} An odd rest
   * goes to the high side.
   */
  public Window withSamePadding() {
    int[] low = new int[kernel.length];
    int[] high = new int[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      int all = Math.multiplyExact(dilation[i], kernel[i] - 1);
      low[i] = all / 2;
      high[i] = all - low[i];
    }
    return new Window(kernel, stride, low, high, dilation);
  }

  private static int[] atLeast(String what, int least, int[] values, int[] kernel) {
    if (values.length != kernel.length) {
      throw new ShapeException(
          "window: "
              + what
              + " "
              + Arrays.toString(values)
              + " needs one entry for each axis of kernel "
              + Arrays.toString(kernel));
    }
    for (int v : values) {
      if (v < least) {
        throw new ShapeException(
            "window: "
                + what
                + " must be at least "
                + least
                + " ("
                + Arrays.toString(values)
                + ")");
      }
    }
    return values.clone();
  }

  /** {@return the output shape over an input, with the input's first two extents} */
  int[] outputDims(String operation, Shape input) {
    return outputDims(operation, input, false);
  }

  /**
   * {@return the output shape over an input, with the input's first two extents}
   *
   * @param ceilMode whether a last window may reach beyond the padding, if it starts before it
   */
  int[] outputDims(String operation, Shape input, boolean ceilMode) {
    if (input.rank() != kernel.length + 2) {
      throw new ShapeException(
          operation
              + ": input "
              + input
              + " must be [n, c, spatial...] with one spatial axis for each of kernel "
              + Arrays.toString(kernel));
    }
    int[] out = input.dims();
    for (int i = 0; i < kernel.length; i++) {
      long padded = (long) input.dim(i + 2) + padLow[i] + padHigh[i];
      long reach = (long) dilation[i] * (kernel[i] - 1) + 1;
      long steps = Math.floorDiv(padded - reach + (ceilMode ? stride[i] - 1 : 0), stride[i]);
      if (ceilMode && steps * stride[i] >= (long) input.dim(i + 2) + padLow[i]) {
        steps--;
      }
      if (steps < 0) {
        throw new ShapeException(
            operation
                + ": the window spans "
                + reach
                + " elements of spatial axis "
                + i
                + " but the padded input has "
                + padded
                + " (input "
                + input
                + ", "
                + this
                + ")");
      }
      if (padded + stride[i] > Integer.MAX_VALUE) {
        throw new ShapeException(
            operation
                + ": padded extent and stride of spatial axis "
                + i
                + " together exceed "
                + Integer.MAX_VALUE
                + " (input "
                + input
                + ", "
                + this
                + ")");
      }
      out[i + 2] = (int) (steps + 1);
    }
    requireCountable(operation, input, "input", input.dims(), 2);
    requireCountable(operation, input, "output", out, 2);
    requireCountable(operation, input, "window", kernel, 0);
    return out;
  }

  /** Kernels number the elements of a plane by an {@code int}. */
  private void requireCountable(
      String operation, Shape input, String what, int[] dims, int firstSpatial) {
    long elements = 1;
    for (int i = firstSpatial; i < dims.length; i++) {
      elements *= dims[i]; // at most 2³¹ times 2³¹ before the next check
      if (elements > Integer.MAX_VALUE) {
        throw new ShapeException(
            operation
                + ": one plane of the "
                + what
                + " has more than "
                + Integer.MAX_VALUE
                + " elements (input "
                + input
                + ", "
                + this
                + ")");
      }
    }
  }

  /** {@return the number of spatial axes} */
  public int rank() {
    return kernel.length;
  }

  /** {@return a copy of the extents} */
  public int[] kernel() {
    return kernel.clone();
  }

  /**
   * {@return the extent along a spatial axis}
   *
   * @param axis from 0
   */
  public int kernel(int axis) {
    return kernel[axis];
  }

  /**
   * {@return the step along a spatial axis}
   *
   * @param axis from 0
   */
  public int stride(int axis) {
    return stride[axis];
  }

  /**
   * {@return the padding before the first element of a spatial axis}
   *
   * @param axis from 0
   */
  public int padLow(int axis) {
    return padLow[axis];
  }

  /**
   * {@return the padding after the last element of a spatial axis}
   *
   * @param axis from 0
   */
  public int padHigh(int axis) {
    return padHigh[axis];
  }

  /**
   * {@return the distance between neighbouring taps along a spatial axis}
   *
   * @param axis from 0
   */
  public int dilation(int axis) {
    return dilation[axis];
  }

  /** {@return whether the other has the same extents, stride, padding and dilation} */
  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Window w
            && Arrays.equals(kernel, w.kernel)
            && Arrays.equals(stride, w.stride)
            && Arrays.equals(padLow, w.padLow)
            && Arrays.equals(padHigh, w.padHigh)
            && Arrays.equals(dilation, w.dilation);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new int[][] {kernel, stride, padLow, padHigh, dilation});
  }

  @Override
  public String toString() {
    return "kernel "
        + Arrays.toString(kernel)
        + ", stride "
        + Arrays.toString(stride)
        + ", padding "
        + Arrays.toString(padLow)
        + (Arrays.equals(padLow, padHigh) ? "" : " / " + Arrays.toString(padHigh))
        + ", dilation "
        + Arrays.toString(dilation);
  }
}
