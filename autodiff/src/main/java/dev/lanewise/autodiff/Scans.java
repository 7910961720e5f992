package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.ReduceOp;

/** Cumulative operations and sorting, and their gradients. */
final class Scans {
  private Scans() {}

  private static Tensor scan(ReduceOp op, Tensor x, int axis, boolean reverse) {
    NdArray out = x.backend().uninitialized(x.dtype(), x.shape());
    x.backend().scan(op, x.data(), axis, false, reverse, out);
    return new Tensor(out);
  }

  /**
   * {@return cumulative sums} An element is in all sums from its own on: the gradient's sums run
   * back.
   */
  static Tensor cumSum(Tensor x, int axis, boolean reverse) {
    int at = x.shape().axis("cumSum", axis);
    Gradient gradient = (_, _, up) -> cumSum(up, at, !reverse);
    return Node.record("cumSum", scan(ReduceOp.SUM, x, at, reverse), gradient, x);
  }

  static Tensor cumProd(Tensor x, int axis) {
    int at = x.shape().axis("cumProd", axis);
    if (!Grad.records(x)) {
      return scan(ReduceOp.PROD, x, at, false);
    }
    // Products over 2, 4, 8 … elements need no division, whose gradients would fail at a 0.
    Tensor product = x;
    int n = x.shape().dim(at);
    for (long step = 1; step < n; step *= 2) {
      int done = (int) step;
      Tensor longer = product.slice(at, done, n).mul(product.slice(at, 0, n - done));
      product = Tensor.concat(at, product.slice(at, 0, done), longer);
    }
    return product == x ? x.copy() : product;
  }

  /** {@return the first elements along an axis of the order} */
  static ScanOps.Sorted ordered(String name, Tensor x, int axis, int count, boolean descending) {
    int at = x.shape().axis(name, axis);
    int[] dims = x.shape().dims();
    if (count < 0 || count > dims[at]) {
      throw new ShapeException(
          name
              + ": "
              + count
              + " elements along axis "
              + at
              + " of shape "
              + x.shape()
              + "; there are from 0 to "
              + dims[at]);
    }
    dims[at] = count;
    NdArray values = x.backend().uninitialized(x.dtype(), Shape.of(dims));
    NdArray indices = x.backend().uninitialized(DType.I64, values.shape());
    x.backend().sort(x.data(), at, descending, values, indices);
    Tensor places = new Tensor(indices);
    Gradient gradient =
        (_, shape, up) -> Tensor.zeros(up.backend(), up.dtype(), shape).scatterAdd(at, places, up);
    return new ScanOps.Sorted(Node.record(name, new Tensor(values), gradient, x), places);
  }
}
