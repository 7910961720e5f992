package dev.lanewise.array;

import java.util.Arrays;

/**
 * The extents of an array along each of its axes: {@code [n, c, h, w]}; immutable. A scalar has
 * rank 0 and one element. One axis holds at most 2³¹−1 elements, an array any number.
 *
 * {@snippet :
 * Shape s = Shape.of(2, 3);
 * s.rank();                                    // 2
 * s.size();                                    // 6
 * Shape.broadcast("add", s, Shape.of(3));      // [2, 3]
 * }
 */
public final class Shape {
  /** The shape of a single number: rank 0, one element. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final long size;

  private Shape(int[] dims) {
    this.dims = dims;
    long product = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException(
            "shape: extents can not be negative (" + Arrays.toString(dims) + ")");
      }
      product = d == 0 ? 0 : multiply(product, d, dims);
    }
    this.size = product;
  }

  private static long multiply(long product, int d, int[] dims) {
    // Bytes, not only elements, must fit a long: no type is wider than 8.
    if (product > Long.MAX_VALUE / 8 / d) {
      throw new ShapeException("shape: too many elements to count (" + Arrays.toString(dims) + ")");
    }
    return product * d;
  }

  /**
   * {@return the shape with these extents}
   *
   * @param dims the extents, outermost axis first; none for a scalar
   * @throws ShapeException if an extent is negative or the element count overflows
   */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** {@return the number of axes} */
  public int rank() {
    return dims.length;
  }

  /** {@return the number of elements: the product of the extents, 1 for a scalar} */
  public long size() {
    return size;
  }

  /**
   * {@return the extent along an axis}
   *
   * @param axis from {@code -rank} to {@code rank - 1}; negative counts from the last axis
   * @throws ShapeException if there is no such axis
   */
  public int dim(int axis) {
    return dims[axis("dim", axis)];
  }

  /** {@return a copy of the extents} */
  public int[] dims() {
    return dims.clone();
  }

  /**
   * {@return the axis as a number from 0 to {@code rank - 1}}
   *
   * @param operation who asks, for the error's text
   * @param axis from {@code -rank} to {@code rank - 1}
   * @throws ShapeException if there is no such axis
   */
  public int axis(String operation, int axis) {
    int positive = axis < 0 ? axis + dims.length : axis;
    if (positive < 0 || positive >= dims.length) {
      String rule =
          dims.length == 0
              ? "a scalar has no axes"
              : "axes go from " + -dims.length + " to " + (dims.length - 1);
      throw new ShapeException(operation + ": no axis " + axis + " in shape " + this + "; " + rule);
    }
    return positive;
  }

  /**
   * {@return the axes as a sorted list of numbers from 0 to {@code rank - 1}; all axes if none is
   * given}
   *
   * @param operation who asks, for the error's text
   * @param axes each from {@code -rank} to {@code rank - 1}, none twice
   * @throws ShapeException if there is no such axis, or one is named twice
   */
  public int[] axes(String operation, int... axes) {
    boolean[] named = new boolean[dims.length];
    if (axes.length == 0) {
      Arrays.fill(named, true);
    }
    for (int a : axes) {
      int axis = axis(operation, a);
      if (named[axis]) {
        throw new ShapeException(
            operation + ": axis " + a + " is named twice (axes " + Arrays.toString(axes) + ")");
      }
      named[axis] = true;
    }
    int[] sorted = new int[axes.length == 0 ? dims.length : axes.length];
    int count = 0;
    for (int i = 0; i < named.length; i++) {
      if (named[i]) {
        sorted[count++] = i;
      }
    }
    return sorted;
  }

  /**
   * {@return the shape left after reducing over some axes}
   *
   * @param axes sorted axes, as {@link #axes} gives them
   * @param keepDims whether a reduced axis stays with extent 1
   */
  public Shape reduced(int[] axes, boolean keepDims) {
    int[] kept = new int[keepDims ? dims.length : dims.length - axes.length];
    int count = 0;
    int next = 0;
    for (int i = 0; i < dims.length; i++) {
      boolean gone = next < axes.length && axes[next] == i;
      if (gone) {
        next++;
      }
      if (!gone || keepDims) {
        kept[count++] = gone ? 1 : dims[i];
      }
    }
    return of(kept);
  }

  /**
   * {@return the shape of so many such arrays along a new first axis}
   *
   * @param count how many
   * @throws ShapeException if {@code count} is negative or the element count overflows
   */
  public Shape stacked(int count) {
    int[] all = new int[dims.length + 1];
    all[0] = count;
    System.arraycopy(dims, 0, all, 1, dims.length);
    return of(all);
  }

  /**
   * {@return the shape that both broadcast to} Shapes are aligned at their last axes; an extent of
   * 1 stretches to the other's, as NumPy's general broadcasting rules say.
   *
   * @param operation who asks, for the error's text
   * @param a one shape
   * @param b the other
   * @throws ShapeException if two aligned extents differ and neither is 1
   */
  public static Shape broadcast(String operation, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] out = new int[rank];
    for (int i = 0; i < rank; i++) {
      int da = i < rank - a.rank() ? 1 : a.dims[i - rank + a.rank()];
      int db = i < rank - b.rank() ? 1 : b.dims[i - rank + b.rank()];
      if (da != db && da != 1 && db != 1) {
        throw new ShapeException(
            operation
                + ": shapes "
                + a
                + " and "
                + b
                + " do not broadcast: axis "
                + (i - rank)
                + " has "
                + da
                + " and "
                + db
                + " elements; extents must be equal, or one of them 1");
      }
      out[i] = da == 1 ? db : da;
    }
    return of(out);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** {@return the extents in brackets, for example {@code [2, 3]}} */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
