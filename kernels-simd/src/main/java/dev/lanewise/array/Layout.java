package dev.lanewise.array;

import java.util.Arrays;

/**
 * How an array's indices map to elements of its storage: element {@code [i, j, …]} lies at {@code
 * offset + i·strides[0] + j·strides[1] + …}, all counted in elements; immutable. Views (slices,
 * transposes, broadcasts) are other layouts over the same storage.
 */
public final class Layout {
  private final Shape shape;
  private final long[] strides;
  private final long offset;
  private final boolean contiguous;

  private Layout(Shape shape, long[] strides, long offset) {
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.contiguous = isRowMajor(shape, strides);
  }

  private static boolean isRowMajor(Shape shape, long[] strides) {
    if (shape.size() == 0) {
      return true;
    }
    long expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      int d = shape.dim(i);
      if (d != 1 && strides[i] != expected) {
        return false;
      }
      expected *= d;
    }
    return true;
  }

  /**
   * {@return the row-major layout without gaps, starting at element 0}
   *
   * @param shape the extents
   */
  public static Layout contiguous(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape.dim(i));
    }
    return new Layout(shape, strides, 0);
  }

  /**
   * {@return the layout with these strides}
   *
   * @param shape the extents
   * @param strides for each axis, how many elements neighbours are apart, at least 0
   * @param offset where the first element lies, at least 0
   * @throws ShapeException if there are not as many strides as axes, a number is negative, or the
   *     last element lies further than any storage reaches
   */
  public static Layout of(Shape shape, long[] strides, long offset) {
    boolean fits = strides.length == shape.rank() && offset >= 0;
    long room = Long.MAX_VALUE - Math.max(0, offset);
    for (int axis = 0; fits && axis < strides.length; axis++) {
      long steps = Math.max(0, shape.dim(axis) - 1);
      fits = strides[axis] >= 0 && (steps == 0 || strides[axis] <= room / steps);
      room -= fits ? steps * strides[axis] : 0;
    }
    if (!fits) {
      throw new ShapeException(
          "layout: shape "
              + shape
              + " needs a stride for each axis and an offset, none negative, that reach no further"
              + " than memory, not "
              + Arrays.toString(strides)
              + " and "
              + offset);
    }
    return new Layout(shape, strides.clone(), offset);
  }

  /** {@return the extents} */
  public Shape shape() {
    return shape;
  }

  /**
   * {@return the distance, in elements, between neighbours along an axis}
   *
   * @param axis from 0 to {@code rank - 1}
   */
  public long stride(int axis) {
    return strides[axis];
  }

  /** {@return the element of the storage at index {@code [0, 0, …]}} */
  public long offset() {
    return offset;
  }

  /**
   * {@return the element of the storage that comes at some place in row-major order}
   *
   * @param place from 0 to the size less 1
   */
  public long element(long place) {
    long element = offset;
    long rest = place;
    for (int i = strides.length - 1; i >= 0; i--) {
      int d = shape.dim(i);
      element += rest % d * strides[i];
      rest /= d;
    }
    return element;
  }

  /** {@return whether the elements lie in row-major order without gaps} */
  public boolean isContiguous() {
    return contiguous;
  }

  /** {@return the lowest element of the storage that an index reaches; 0 for an empty array} */
  public long lowest() {
    return reach(false);
  }

  /** {@return the highest element of the storage that an index reaches; -1 for an empty array} */
  public long highest() {
    return reach(true);
  }

  /**
   * {@return whether the rows of two layouts of one storage lie side by side and do not meet} As
   * columns of a matrix do, of which one layout has some and the other some others. Rows run along
   * all axes but the first.
   *
   * @param other a layout of elements of the same size
   */
  public boolean isBeside(Layout other) {
    boolean rows = shape.rank() > 0 && other.shape.rank() == shape.rank();
    if (!rows || shape.size() == 0 || other.shape.size() == 0) {
      return false;
    }
    long width = stride(0);
    if (width <= 0 || other.stride(0) != width) {
      return false;
    }
    long ofThis = highest() - (shape.dim(0) - 1) * width - lowest();
    long ofOther = other.highest() - (other.shape.dim(0) - 1) * width - other.lowest();
    // Where in a row of this, or behind it, the other's rows begin.
    long begin = Math.floorMod(other.lowest() - lowest(), width);
    return begin > ofThis && begin + ofOther < width;
  }

  /**
   * {@return whether this and another layout of one storage and one type may reach a common
   * element} Strips {@linkplain #isBeside beside} each other do not.
   *
   * @param other the other layout
   */
  public boolean meets(Layout other) {
    return shape.size() > 0
        && other.shape.size() > 0
        && lowest() <= other.highest()
        && other.lowest() <= highest()
        && !isBeside(other);
  }

  private long reach(boolean up) {
    if (shape.size() == 0) {
      return up ? -1 : 0;
    }
    long at = offset;
    for (int i = 0; i < strides.length; i++) {
      if (strides[i] > 0 == up) {
        at = Math.addExact(at, Math.multiplyExact(strides[i], shape.dim(i) - 1L));
      }
    }
    return at;
  }

  /** {@return whether two different indices reach the same element, by a stride of 0} */
  public boolean repeats() {
    for (int i = 0; i < strides.length; i++) {
      if (strides[i] == 0 && shape.dim(i) > 1) {
        return shape.size() > 0;
      }
    }
    return false;
  }

  /**
   * {@return the same layout in a storage that begins at another element}
   *
   * @param by how many elements later each index is found
   */
  public Layout shifted(long by) {
    return new Layout(shape, strides, offset + by);
  }

  /**
   * {@return as many such layouts one after the other, along a new first axis}
   *
   * @param count how many
   * @param step from one to the next, in elements; 0 repeats the same elements
   * @throws ShapeException if {@code count} or {@code step} is negative
   */
  public Layout stacked(int count, long step) {
    if (step < 0) {
      throw new ShapeException("stacked: the step must not be negative, not " + step);
    }
    long[] steps = new long[strides.length + 1];
    steps[0] = step;
    System.arraycopy(strides, 0, steps, 1, strides.length);
    return new Layout(shape.stacked(count), steps, offset);
  }

  /**
   * {@return the layout with its axes in another order}
   *
   * @param order the old axis of each new one; negative counts from the last
   * @throws ShapeException if {@code order} is not a permutation of the axes
   */
  public Layout permute(int... order) {
    if (order.length != strides.length) {
      throw new ShapeException(
          "permute: "
              + order.length
              + " axes are named but shape "
              + shape
              + " has "
              + strides.length);
    }
    shape.axes("permute", order);
    int[] dims = new int[order.length];
    long[] to = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      int from = shape.axis("permute", order[i]);
      dims[i] = shape.dim(from);
      to[i] = strides[from];
    }
    return new Layout(Shape.of(dims), to, offset);
  }

  /**
   * {@return every {@code step}-th index from {@code start} up to, not including, {@code stop}
   * along an axis}
   *
   * @param axis the axis; negative counts from the last
   * @param start from 0 to {@code stop}
   * @param stop at most the axis's extent
   * @param step at least 1
   * @throws ShapeException if a bound or the step is outside its range
   */
  public Layout slice(int axis, int start, int stop, int step) {
    int at = shape.axis("slice", axis);
    int extent = shape.dim(at);
    if (start < 0 || start > stop || stop > extent || step < 1) {
      throw new ShapeException(
          "slice: ["
              + start
              + ":"
              + stop
              + ":"
              + step
              + "] on axis "
              + at
              + " of shape "
              + shape
              + "; the rule is 0 <= start <= stop <= "
              + extent
              + " and step >= 1");
    }
    int[] dims = shape.dims();
    dims[at] = (int) (((long) stop - start + step - 1) / step);
    long[] to = strides.clone();
    to[at] *= step;
    // An empty slice reaches nothing; leaving the offset alone keeps it inside the storage.
    long from = dims[at] == 0 ? offset : offset + start * strides[at];
    return new Layout(Shape.of(dims), to, from);
  }

  /**
   * {@return the main diagonals of the matrices of the last two axes, in place of those axes}
   *
   * @throws ShapeException if there are fewer than two axes
   */
  public Layout diagonal() {
    int rank = strides.length;
    if (rank < 2) {
      throw new ShapeException(
          "diagonal: shape " + shape + " has no matrices; it needs two axes at least");
    }
    int[] dims = Arrays.copyOf(shape.dims(), rank - 1);
    dims[rank - 2] = Math.min(shape.dim(rank - 2), shape.dim(rank - 1));
    long[] to = Arrays.copyOf(strides, rank - 1);
    to[rank - 2] += strides[rank - 1];
    return new Layout(Shape.of(dims), to, offset);
  }

  /**
   * {@return this layout stretched to a larger shape, by strides of 0}
   *
   * @param to the shape to reach, aligned at the last axes
   * @throws ShapeException if an extent differs and is not 1, or {@code to} has fewer axes
   */
  public Layout broadcastTo(Shape to) {
    if (to.equals(shape)) {
      return this;
    }
    int lead = to.rank() - shape.rank();
    if (lead < 0 || !Shape.broadcast("broadcastTo", shape, to).equals(to)) {
      throw new ShapeException(
          "broadcastTo: shape " + shape + " does not stretch to " + to + "; only extents of 1 do");
    }
    long[] stretched = new long[to.rank()];
    for (int i = lead; i < stretched.length; i++) {
      stretched[i] = shape.dim(i - lead) == to.dim(i) ? strides[i - lead] : 0;
    }
    return new Layout(to, stretched, offset);
  }

  /**
   * {@return this layout with other extents over the same elements in the same order, or {@code
   * null} if only a copy could have them}
   *
   * @param to a shape with as many elements
   * @throws ShapeException if the element counts differ
   */
  public Layout reshape(Shape to) {
    if (to.size() != shape.size()) {
      throw new ShapeException(
          "reshape: shape "
              + shape
              + " has "
              + shape.size()
              + " elements, shape "
              + to
              + " has "
              + to.size());
    }
    if (contiguous) {
      Layout plain = contiguous(to);
      return new Layout(to, plain.strides, offset);
    }
    return reshapeStrided(to);
  }

  /** Splits and merges axes group by group: a group is the fewest axes with equal products. */
  private Layout reshapeStrided(Shape to) {
    long[] result = new long[to.rank()];
    int oldAxis = 0;
    int newAxis = 0;
    while (oldAxis < shape.rank() || newAxis < to.rank()) {
      int oldStart = oldAxis;
      int newStart = newAxis;
      long oldCount = oldAxis < shape.rank() ? shape.dim(oldAxis++) : 1;
      long newCount = newAxis < to.rank() ? to.dim(newAxis++) : 1;
      while (oldCount != newCount) {
        if (oldCount < newCount) {
          oldCount *= shape.dim(oldAxis++);
        } else {
          newCount *= to.dim(newAxis++);
        }
      }
      long stride = 1;
      boolean first = true;
      for (int i = oldAxis - 1; i >= oldStart; i--) {
        if (shape.dim(i) == 1) {
          continue;
        }
        if (first) {
          stride = strides[i];
          first = false;
          continue;
        }
        int inner = i + 1;
        while (shape.dim(inner) == 1) {
          inner++;
        }
        if (strides[i] != strides[inner] * shape.dim(inner)) {
          return null;
        }
      }
      for (int i = newAxis - 1; i >= newStart; i--) {
        result[i] = stride;
        stride *= to.dim(i);
      }
    }
    return new Layout(to, result, offset);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Layout l
            && offset == l.offset
            && shape.equals(l.shape)
            && Arrays.equals(strides, l.strides);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
  }

  /** {@return shape, strides and offset, for example {@code [2, 3] strides [3, 1] offset 0}} */
  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
  }
}
