package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.PoolSpec;

/** The largest element of each window, and back. */
final class MaxPool {
  private MaxPool() {}

  /** The largest element so far. */
  private static final class Largest {
    double value;
    int place = -1;

    void see(double v, int at) {
      if (place < 0 || Reductions.beats(v, value)) {
        value = v;
        place = at;
      }
    }
  }

  static void forward(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    Elements from = new Elements(x);
    Elements values = new Elements(out);
    Elements places = new Elements(indices);
    for (Index o = new Index(spec.output()); o.inside(); o.next()) {
      Largest largest = new Largest();
      new PoolWindow(spec, o.at()).forEach((i, place) -> largest.see(from.get(i), place));
      values.set(o.at(), largest.value);
      places.setLong(o.at(), largest.place);
    }
  }

  static void backward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    Elements grads = new Elements(outGrad);
    Elements places = new Elements(indices);
    Shape input = spec.input();
    Sums sums = new Sums(input);
    int[] index = new int[input.rank()];
    for (Index o = new Index(spec.output()); o.inside(); o.next()) {
      index[0] = o.at()[0];
      index[1] = o.at()[1];
      int place = (int) places.getLong(o.at());
      for (int axis = input.rank() - 1; axis >= 2; axis--) {
        index[axis] = place % input.dim(axis);
        place /= input.dim(axis);
      }
      sums.add(index, grads.get(o.at()));
    }
    sums.writeTo(xGrad);
  }
}
