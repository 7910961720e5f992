package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;

/** One {@link Total} for each index of a shape, at first 0; rounded when it is written out. */
final class Sums {
  private final int[] dims;
  private final Total[] totals;

  Sums(Shape shape) {
    this.dims = shape.dims();
    this.totals = new Total[Math.toIntExact(shape.size())];
    Arrays.setAll(totals, i -> new Total(0));
  }

  void add(int[] index, double value) {
    totals[place(index)].add(value);
  }

  void set(int[] index, double value) {
    totals[place(index)] = new Total(value);
  }

  double get(int[] index) {
    return totals[place(index)].value();
  }

  private int place(int[] index) {
    int place = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      place = place * dims[axis] + index[axis];
    }
    return place;
  }

  void writeTo(NdArray array) {
    Elements out = new Elements(array);
    for (Index i = new Index(dims); i.inside(); i.next()) {
      out.set(i.at(), get(i.at()));
    }
  }
}
