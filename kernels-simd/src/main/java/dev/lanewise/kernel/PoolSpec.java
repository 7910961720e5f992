package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/** The geometry of a pooling over 1 to 3 spatial axes of {@code [n, c, spatial…]}, checked. */
public final class PoolSpec {
  private final Shape input;
  private final Shape output;
  private final Window window;

  private PoolSpec(Shape input, Shape output, Window window) {
    this.input = input;
    this.output = output;
    this.window = window;
  }

  /**
   * {@return the geometry of a pooling}
   *
   * @param input {@code [n, c, spatial…]}
   * @param window extents, stride, padding and dilation; padding is at most half the kernel, so
   *     that no window lies in the padding alone
   * @throws ShapeException if the parts do not fit together
   */
  public static PoolSpec of(Shape input, Window window) {
    if (window.rank() < 1 || window.rank() > 3) {
      throw new ShapeException("pool: the window has 1 to 3 spatial axes (" + window + ")");
    }
    int[] out = window.outputDims("pool", input);
    for (int i = 0; i < window.rank(); i++) {
      if (Math.max(window.padLow(i), window.padHigh(i)) > window.kernel(i) / 2) {
        throw new ShapeException(
            "pool: padding can be at most half the kernel (input " + input + ", " + window + ")");
      }
      // A step of the dilation can jump from one side's padding over the whole input into the
      // other's.
      if (window.padLow(i) > 0 && window.padHigh(i) > 0 && window.dilation(i) > input.dim(i + 2)) {
        throw new ShapeException(
            "pool: a padded axis must be at least as long as the dilation, or a window could lie in"
                + " the padding alone (input "
                + input
                + ", "
                + window
                + ")");
      }
    }
    return new PoolSpec(input, Shape.of(out), window);
  }

  /** {@return {@code [n, c, spatial…]}} */
  public Shape input() {
    return input;
  }

  /** {@return {@code [n, c, spatial…]}} */
  public Shape output() {
    return output;
  }

  /** {@return extents, stride, padding and dilation} */
  public Window window() {
    return window;
  }

  /**
   * Checks the arrays of {@link Backend#maxPool}.
   *
   * @param x the input
   * @param out is written
   * @param indices {@link DType#I32}; is written
   * @throws ShapeException if an array has not the shape said here
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public void checkForward(NdArray x, NdArray out, NdArray indices) {
    check("maxPool", x, out, indices);
    Checks.output("maxPool", out);
    Checks.output("maxPool", indices);
    Checks.apart("maxPool", out, x, indices);
    Checks.apart("maxPool", indices, x);
  }

  /**
   * Checks the arrays of {@link Backend#maxPoolBackward}, and the indices themselves.
   *
   * @param outGrad the gradient by the output
   * @param indices {@link DType#I32}, each a row-major index over the input's spatial axes
   * @param xGrad is written
   * @throws ShapeException if an array has not the shape said here, or an index is out of range
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public void checkBackward(NdArray outGrad, NdArray indices, NdArray xGrad) {
    check("maxPoolBackward", xGrad, outGrad, indices);
    Checks.output("maxPoolBackward", xGrad);
    Checks.apart("maxPoolBackward", xGrad, outGrad, indices);
    long spatial = 1;
    for (int i = 0; i < window.rank(); i++) {
      spatial *= input.dim(i + 2);
    }
    Checks.indexRange("maxPoolBackward", indices, spatial, "the spatial axes of " + input);
  }

  private void check(String operation, NdArray in, NdArray out, NdArray indices) {
    Checks.compute(operation, in, out);
    Checks.shape(operation, "input", in, input);
    Checks.shape(operation, "output", out, output);
    Checks.shape(operation, "indices", indices, output);
    Checks.dtype(operation, "indices", indices, DType.I32);
  }
}
