package dev.lanewise.kernel.reference;

import dev.lanewise.array.Shape;
import java.util.Arrays;

/**
 * Walks over every index of a shape in row-major order: {@code for (Index i = new Index(shape);
 * i.inside(); i.next())}.
 */
final class Index {
  private final int[] dims;
  private final int[] at;
  private boolean inside;

  Index(Shape shape) {
    this(shape.dims());
  }

  Index(int[] dims) {
    this.dims = dims;
    this.at = new int[dims.length];
    this.inside = Arrays.stream(dims).allMatch(d -> d > 0);
  }

  /** {@return whether the walk is not over yet} */
  boolean inside() {
    return inside;
  }

  /** {@return the present index; the same array each time} */
  int[] at() {
    return at;
  }

  void next() {
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      if (++at[axis] < dims[axis]) {
        return;
      }
      at[axis] = 0;
    }
    inside = false;
  }
}
