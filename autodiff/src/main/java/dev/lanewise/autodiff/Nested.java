package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Java's arrays of arrays, of which all parts have as many elements. */
final class Nested {
  private Nested() {}

  /** {@return the extents of the first parts; of no parts, 0} */
  static int[] extents(Object[] nested, int rank) {
    int[] dims = new int[rank];
    Object part = nested;
    for (int axis = 0; axis < rank && part != null; axis++) {
      dims[axis] = Array.getLength(part);
      boolean ends = axis == rank - 1 || dims[axis] == 0;
      part = ends ? null : Array.get(part, 0);
    }
    return dims;
  }

  /**
   * {@return all elements in row-major order}
   *
   * @param nested arrays of arrays of the type that {@code array} makes
   * @param dims the extents that all parts must have
   * @param array makes the array of a length
   */
  static <A> A fill(Object[] nested, int[] dims, IntFunction<A> array) {
    long size = Shape.of(dims).size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new ShapeException("of: " + Arrays.toString(dims) + " does not fit one Java array");
    }
    A flat = array.apply((int) size);
    fill(nested, dims, flat, 0, new int[0]);
    return flat;
  }

  private static int fill(Object part, int[] dims, Object flat, int from, int[] place) {
    int axis = place.length;
    if (part == null) {
      throw new ShapeException("of: the part at " + Arrays.toString(place) + " is null");
    }
    if (Array.getLength(part) != dims[axis]) {
      throw new ShapeException(
          "of: the part at "
              + Arrays.toString(place)
              + " has "
              + Array.getLength(part)
              + " elements but the first beside it has "
              + dims[axis]
              + "; all must have as many");
    }
    if (axis == dims.length - 1) {
      System.arraycopy(part, 0, flat, from, dims[axis]);
      return from + dims[axis];
    }
    int at = from;
    int[] inner = Arrays.copyOf(place, axis + 1);
    for (int i = 0; i < dims[axis]; i++) {
      inner[axis] = i;
      at = fill(Array.get(part, i), dims, flat, at, inner);
    }
    return at;
  }
}
