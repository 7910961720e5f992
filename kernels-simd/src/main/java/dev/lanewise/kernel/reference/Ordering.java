package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ArgMaxSpec;
import dev.lanewise.kernel.SortSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lines of elements along an axis: put in order, or searched for the first of an order. */
final class Ordering {
  private Ordering() {}

  static void argMax(ArgMaxSpec spec, boolean smallest) {
    Line line = new Line(spec.x(), spec.axis());
    Elements out = new Elements(spec.out());
    for (Index o = new Index(spec.out().shape()); o.inside(); o.next()) {
      int[] at = o.at();
      line.start(i -> at[i < spec.axis() ? i : i - 1]);
      // A NaN is found first in either direction.
      Comparator<Integer> order = Comparator.comparing(i -> line.isNan(i) ? 0 : 1);
      order = order.thenComparing(smallest ? line.ascending() : line.ascending().reversed());
      out.setLong(at, line.sorted(order).getFirst());
    }
  }

  static void sort(SortSpec spec) {
    Line line = new Line(spec.x(), spec.axis());
    Elements values = new Elements(spec.values());
    Elements indices = new Elements(spec.indices());
    int[] starts = spec.x().shape().dims();
    starts[spec.axis()] = Math.min(1, spec.values().shape().dim(spec.axis()));
    for (Index o = new Index(starts); o.inside(); o.next()) {
      int[] at = o.at().clone();
      line.start(i -> at[i]);
      Comparator<Integer> order =
          spec.descending() ? line.ascending().reversed() : line.ascending();
      List<Integer> sorted = line.sorted(order);
      for (int k = 0; k < spec.values().shape().dim(spec.axis()); k++) {
        at[spec.axis()] = k;
        values.copy(at, line.elements, line.index(sorted.get(k)));
        indices.setLong(at, sorted.get(k));
      }
    }
  }

  /** The elements along one axis. */
  private static final class Line {
    final Elements elements;
    private final boolean floating;
    private final int axis;
    private final int extent;
    private final int[] index;

    Line(NdArray array, int axis) {
      this.elements = new Elements(array);
      this.floating = array.dtype().isFloating();
      this.axis = axis;
      this.extent = array.shape().dim(axis);
      this.index = new int[array.shape().rank()];
    }

    /** Where on an axis a line is. */
    interface Place {
      int along(int axis);
    }

    void start(Place place) {
      for (int i = 0; i < index.length; i++) {
        index[i] = i == axis ? 0 : place.along(i);
      }
    }

    int[] index(int element) {
      index[axis] = element;
      return index;
    }

    boolean isNan(int element) {
      return floating && Double.isNaN(elements.get(index(element)));
    }

    /** {@return the order of the numbers: −0 equals 0, NaN is larger than all} */
    Comparator<Integer> ascending() {
      return (i, j) ->
          floating
              // Adding 0 makes a 0 of −0, which Double.compare tells apart.
              ? Double.compare(elements.get(index(i)) + 0.0, elements.get(index(j)) + 0.0)
              : Long.compare(elements.getLong(index(i)), elements.getLong(index(j)));
    }

    /** {@return the elements' numbers in an order; equal ones stay as they are} */
    List<Integer> sorted(Comparator<Integer> order) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < extent; i++) {
        numbers.add(i);
      }
      numbers.sort(order);
      return numbers;
    }
  }
}
