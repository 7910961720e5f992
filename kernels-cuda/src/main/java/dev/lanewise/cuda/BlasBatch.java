package dev.lanewise.cuda;

import dev.lanewise.array.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * The axes before the last two of a, b and the output, merged where one step leads through two of
 * them in all three arrays, with the last axis first. An axis along which an array is stretched has
 * steps of 0.
 *
 * @param axes the axes, each longer than 1
 */
record BlasBatch(List<Axis> axes) {

  /**
   * An axis.
   *
   * @param extent how many matrices
   * @param a the distance of neighbours in a, in elements
   * @param b the distance in b
   * @param out the distance in the output
   */
  record Axis(int extent, long a, long b, long out) {
    /** {@return this and an axis around it as one, or null if no step leads through both} */
    private Axis merged(Axis outer) {
      long both = (long) extent * outer.extent;
      return both <= Integer.MAX_VALUE
              && outer.a == a * extent
              && outer.b == b * extent
              && outer.out == out * extent
          ? new Axis((int) both, a, b, out)
          : null;
    }
  }

  /** {@return the batch axes of three arrays of one rank} */
  static BlasBatch of(Layout a, Layout b, Layout out) {
    List<Axis> axes = new ArrayList<>();
    for (int i = out.shape().rank() - 3; i >= 0; i--) {
      int extent = out.shape().dim(i);
      if (extent == 1) {
        continue;
      }
      Axis axis = new Axis(extent, a.stride(i), b.stride(i), out.stride(i));
      Axis merged = axes.isEmpty() ? null : axes.getLast().merged(axis);
      if (merged == null) {
        axes.add(axis);
      } else {
        axes.set(axes.size() - 1, merged);
      }
    }
    return new BlasBatch(axes);
  }

  /** {@return the place of the longest axis, or -1 if there is none} */
  int longest() {
    int longest = -1;
    for (int i = 0; i < axes.size(); i++) {
      if (longest < 0 || axes.get(i).extent > axes.get(longest).extent) {
        longest = i;
      }
    }
    return longest;
  }

  /** {@return the axes but for one} */
  BlasBatch without(int axis) {
    List<Axis> rest = new ArrayList<>(axes);
    rest.remove(axis);
    return new BlasBatch(rest);
  }
}
