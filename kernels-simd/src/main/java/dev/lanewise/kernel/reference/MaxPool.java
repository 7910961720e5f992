package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;

/** The largest element of each window, and back. */
final class MaxPool {
  private MaxPool() {}

  static void forward(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    Elements from = new Elements(x);
    Elements values = new Elements(out);
    Elements places = new Elements(indices);
    Window window = spec.window();
    Shape input = spec.input();
    int[] index = new int[input.rank()];
    for (Index o = new Index(spec.output()); o.inside(); o.next()) {
      index[0] = o.at()[0];
      index[1] = o.at()[1];
      double largest = 0;
      int where = -1;
      for (Index tap = new Index(window.kernel()); tap.inside(); tap.next()) {
        boolean padding = false;
        int place = 0;
        for (int axis = 0; axis < window.rank(); axis++) {
          int at = Convolution.position(window, axis, o.at()[axis + 2], tap.at()[axis]);
          int extent = input.dim(axis + 2);
          index[axis + 2] = at;
          place = place * extent + at;
          padding |= at < 0 || at >= extent;
        }
        if (!padding && (where < 0 || Reductions.beats(from.get(index), largest))) {
          largest = from.get(index);
          where = place;
        }
      }
      values.set(o.at(), largest);
      places.setLong(o.at(), where);
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
