package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;

/** The mean of each window, and back. */
final class AveragePool {
  private AveragePool() {}

  static void forward(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    Elements from = new Elements(x);
    Sums sums = new Sums(spec.output());
    for (Index o = new Index(spec.output()); o.inside(); o.next()) {
      PoolWindow window = new PoolWindow(spec, o.at());
      double size = window.size(countPadding);
      window.forEach((i, place) -> sums.add(o.at(), from.get(i) / size));
    }
    sums.writeTo(out);
  }

  static void backward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    Elements grads = new Elements(outGrad);
    Sums sums = new Sums(spec.input());
    for (Index o = new Index(spec.output()); o.inside(); o.next()) {
      PoolWindow window = new PoolWindow(spec, o.at());
      double grad = grads.get(o.at()) / window.size(countPadding);
      window.forEach((i, place) -> sums.add(i, grad));
    }
    sums.writeTo(xGrad);
  }
}
