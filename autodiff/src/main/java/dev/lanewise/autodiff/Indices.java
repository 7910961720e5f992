package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import java.util.Arrays;

/** The kinds of {@link Index} that need no methods of their own. */
final class Indices {
  private Indices() {}

  /** One place; the axis disappears. */
  record Place(int place) implements Index {}

  /** What takes no axis of its own. */
  enum Marker implements Index {
    ELLIPSIS,
    NEW_AXIS
  }

  /**
   * An array of places.
   *
   * @param shape its shape
   * @param places in row-major order
   */
  record Picks(Shape shape, long[] places) implements Index {}

  /**
   * A mask.
   *
   * @param shape its shape
   * @param places where it is true, counted in row-major order
   */
  record Mask(Shape shape, int[] places) implements Index {

    /** {@return where it is true along one of its axes} */
    Picks along(int axis) {
      long inner = 1;
      for (int i = axis + 1; i < shape.rank(); i++) {
        inner *= shape.dim(i);
      }
      long[] along = new long[places.length];
      for (int i = 0; i < along.length; i++) {
        along[i] = places[i] / inner % shape.dim(axis);
      }
      return new Picks(Shape.of(along.length), along);
    }
  }

  /** {@return the places of the elements that are not 0, counted in row-major order} */
  static int[] nonzero(Tensor x) {
    double[] all = x.toDoubleArray();
    int[] places = new int[all.length];
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] != 0) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }
}
