package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The geometry of a pooling over 1 to 3 spatial axes of {@code [n, c, spatial…]}, checked: a window
 * that slides, or one window for each element of a wanted output. Along each axis, an output looks
 * at {@link #taps} positions from {@link #start}, {@link #step} apart; those outside the input are
 * padding, and no window lies in the padding alone.
 *
 * {@snippet :
 * PoolSpec.of(images, Window.of(3, 3).withStride(2, 2), true);   // [n, c, 8, 8] gives [n, c, 4, 4]
 * PoolSpec.adaptive(images, 7, 7);
 * PoolSpec.global(images);
 * }
 */
public final class PoolSpec {
  private final Shape input;
  private final Shape output;

  /** Null if the windows follow from the output's extents. */
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
    return of(input, window, false);
  }

  /**
   * {@return the geometry of a pooling that may have one more output along each axis} As by {@code
   * ceil_mode} in PyTorch, where the windows leave elements at an axis's end over, one more window
   * takes them in. It starts before the padding behind the input, and is cut off behind that
   * padding: what lies further does not belong to the window, so no mean counts it.
   *
   * @param input {@code [n, c, spatial…]}
   * @param window extents, stride, padding and dilation; padding is at most half the kernel, so
   *     that no window lies in the padding alone
   * @param ceilMode whether there is such a window
   * @throws ShapeException if the parts do not fit together
   */
  public static PoolSpec of(Shape input, Window window, boolean ceilMode) {
    if (window.rank() < 1 || window.rank() > 3) {
      throw new ShapeException("pool: the window has 1 to 3 spatial axes (" + window + ")");
    }
    int[] out = window.outputDims("pool", input, ceilMode);
    for (int i = 0; i < window.rank(); i++) {
      if (Math.max(window.padLow(i), window.padHigh(i)) > window.kernel(i) / 2) {
        throw new ShapeException(
            "pool: padding can be at most half the kernel (input " + input + ", " + window + ")");
      }
      // A step of the dilation can jump from one side's padding over the whole input into the
      // other's, or behind it.
      boolean padded = window.padLow(i) > 0 && (window.padHigh(i) > 0 || ceilMode);
      if (padded && window.dilation(i) > input.dim(i + 2)) {
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

  /**
   * {@return the geometry of a pooling to given extents} Along an axis of {@code in} elements,
   * output {@code o} of {@code out} looks at those from {@code ⌊o · in / out⌋} up to but not
   * including {@code ⌈(o + 1) · in / out⌉}, as in PyTorch. Windows differ by one element in size
   * where the output's extent does not divide the input's, and overlap where it is larger.
   *
   * @param input {@code [n, c, spatial…]}, no spatial axis of which is empty
   * @param extents the output's spatial extents, each at least 1
   * @throws ShapeException if the parts do not fit together
   */
  public static PoolSpec adaptive(Shape input, int... extents) {
    String given = " (input " + input + ", output " + Arrays.toString(extents) + ")";
    if (extents.length < 1 || extents.length > 3 || input.rank() != extents.length + 2) {
      throw new ShapeException(
          "pool: input must be [n, c, spatial...] with 1 to 3 spatial axes, and the output needs"
              + " one extent for each"
              + given);
    }
    int[] out = input.dims();
    int[] equal = new int[extents.length];
    boolean even = true;
    long plane = 1;
    for (int i = 0; i < extents.length; i++) {
      if (extents[i] < 1 || input.dim(i + 2) < 1) {
        throw new ShapeException("pool: spatial extents must be at least 1" + given);
      }
      out[i + 2] = extents[i];
      equal[i] = Math.max(1, input.dim(i + 2) / extents[i]);
      even &= input.dim(i + 2) == (long) equal[i] * extents[i];
      plane *= extents[i];
      if (plane > Integer.MAX_VALUE) {
        throw new ShapeException(
            "pool: one plane of the output has more than "
                + Integer.MAX_VALUE
                + " elements"
                + given);
      }
    }
    return even
        ? of(input, Window.of(equal).withStride(equal))
        : new PoolSpec(input, Shape.of(out), null);
  }

  /**
   * {@return the geometry of a pooling of each plane to one element}
   *
   * @param input {@code [n, c, spatial…]}, no spatial axis of which is empty
   * @throws ShapeException if there are not 1 to 3 spatial axes, or one is empty
   */
  public static PoolSpec global(Shape input) {
    int[] ones = new int[Math.max(0, input.rank() - 2)];
    Arrays.fill(ones, 1);
    return adaptive(input, ones);
  }

  /** {@return {@code [n, c, spatial…]}} */
  public Shape input() {
    return input;
  }

  /** {@return {@code [n, c, spatial…]}} */
  public Shape output() {
    return output;
  }

  /**
   * {@return extents, stride, padding and dilation, if it is one window that slides} In ceil mode
   * the last one along an axis may be cut off; {@link #taps} says where.
   */
  public Optional<Window> window() {
    return Optional.ofNullable(window);
  }

  /** {@return the number of spatial axes} */
  public int spatialRank() {
    return input.rank() - 2;
  }

  /**
   * {@return the first position that an output looks at; negative in the padding}
   *
   * @param axis the spatial axis, from 0
   * @param o the output's index along it
   */
  public int start(int axis, int o) {
    return window == null
        ? (int) ((long) o * input.dim(axis + 2) / output.dim(axis + 2))
        : o * window.stride(axis) - window.padLow(axis);
  }

  /**
   * {@return the number of positions that an output looks at, padding included}
   *
   * @param axis the spatial axis, from 0
   * @param o the output's index along it
   */
  public int taps(int axis, int o) {
    if (window != null) {
      int left = input.dim(axis + 2) + window.padHigh(axis) - start(axis, o);
      return Math.min(window.kernel(axis), Math.ceilDiv(left, window.dilation(axis)));
    }
    long end = Math.ceilDiv((o + 1L) * input.dim(axis + 2), (long) output.dim(axis + 2));
    return (int) end - start(axis, o);
  }

  /**
   * {@return the distance between the positions that an output looks at}
   *
   * @param axis the spatial axis, from 0
   */
  public int step(int axis) {
    return window == null ? 1 : window.dilation(axis);
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
    checkIndices(indices);
  }

  /**
   * Checks the indices of a call of {@link Backend#maxPoolBackward} whose shapes and types were
   * checked before.
   *
   * @param indices {@link DType#I32}, each a row-major index over the input's spatial axes
   * @throws ShapeException if an index is out of range
   */
  public void checkIndices(NdArray indices) {
    Checks.indexRange("maxPoolBackward", indices, plane(), "the spatial axes of ", input);
  }

  /**
   * {@return the error about an index of {@link Backend#maxPoolBackward} outside the input} For
   * backends that look at indices in memory of their own, where {@link #checkIndices} can not.
   *
   * @param index the index
   */
  public ShapeException outOfRange(long index) {
    return Checks.outOfRange("maxPoolBackward", index, plane(), "the spatial axes of ", input);
  }

  /** {@return the number of elements of one of the input's planes} */
  public long plane() {
    long elements = 1;
    for (int i = 0; i < spatialRank(); i++) {
      elements *= input.dim(i + 2);
    }
    return elements;
  }

  /**
   * Checks the arrays of {@link Backend#avgPool}.
   *
   * @param x the input
   * @param out is written
   * @throws ShapeException if an array has not the shape said here
   * @throws DTypeException if the types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with the input
   */
  public void checkAverage(NdArray x, NdArray out) {
    check("avgPool", x, out);
    Checks.output("avgPool", out);
    Checks.apart("avgPool", out, x);
  }

  /**
   * Checks the arrays of {@link Backend#avgPoolBackward}.
   *
   * @param outGrad the gradient by the output
   * @param xGrad is written
   * @throws ShapeException if an array has not the shape said here
   * @throws DTypeException if the types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with the argument
   */
  public void checkAverageBackward(NdArray outGrad, NdArray xGrad) {
    check("avgPoolBackward", xGrad, outGrad);
    Checks.output("avgPoolBackward", xGrad);
    Checks.apart("avgPoolBackward", xGrad, outGrad);
  }

  private void check(String operation, NdArray in, NdArray out) {
    Checks.compute(operation, in, out);
    Checks.shape(operation, "input", in, input);
    Checks.shape(operation, "output", out, output);
  }

  private void check(String operation, NdArray in, NdArray out, NdArray indices) {
    check(operation, in, out);
    Checks.shape(operation, "indices", indices, output);
    Checks.dtype(operation, "indices", indices, DType.I32);
  }

  /** {@return whether the other is the geometry of the same pooling} */
  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof PoolSpec p
            && input.equals(p.input)
            && output.equals(p.output)
            && Objects.equals(window, p.window);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, output, window);
  }
}
