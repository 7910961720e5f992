package dev.lanewise.kernel.reference;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.PoolSpec;
import java.util.Arrays;

/** The elements of the input that one output of a pooling looks at, in row-major order. */
final class PoolWindow {
  private final PoolSpec spec;
  private final int[] output;
  private final int[] taps;
  private final int[] input;
  private int place;

  /**
   * Begins before the first element.
   *
   * @param output the output's index
   */
  PoolWindow(PoolSpec spec, int[] output) {
    this.spec = spec;
    this.output = output;
    this.taps = new int[spec.spatialRank()];
    Arrays.setAll(taps, axis -> spec.taps(axis, output[axis + 2]));
    this.input = output.clone();
  }

  /** What is done with each element. */
  interface Action {
    /**
     * Does it.
     *
     * @param input the element's index
     * @param place its row-major index over the spatial axes
     */
    void of(int[] input, int place);
  }

  /** Does something with each element inside the input. */
  void forEach(Action action) {
    for (Index tap = new Index(taps); tap.inside(); tap.next()) {
      if (find(tap.at())) {
        action.of(input, place);
      }
    }
  }

  /** {@return the number of elements} */
  int size(boolean countPadding) {
    int size = 0;
    for (Index tap = new Index(taps); tap.inside(); tap.next()) {
      size += countPadding || find(tap.at()) ? 1 : 0;
    }
    return size;
  }

  /** {@return whether a tap lies inside the input} */
  private boolean find(int[] tap) {
    Shape shape = spec.input();
    boolean inside = true;
    place = 0;
    for (int axis = 0; axis < tap.length; axis++) {
      int at = spec.start(axis, output[axis + 2]) + tap[axis] * spec.step(axis);
      int extent = shape.dim(axis + 2);
      input[axis + 2] = at;
      place = place * extent + at;
      inside &= at >= 0 && at < extent;
    }
    return inside;
  }
}
