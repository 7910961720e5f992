package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;

/** Poolings, each one kernel, and their gradients, which are linear in the gradient given. */
final class Pooling {
  private Pooling() {}

  static Tensor max(PoolSpec spec, Tensor x) {
    NdArray out = x.backend().uninitialized(x.dtype(), spec.output());
    NdArray indices = x.backend().uninitialized(DType.I32, spec.output());
    x.backend().maxPool(spec, x.data(), out, indices);
    Gradient gradient = (_, _, up) -> maxBackward(spec, up, indices);
    return Node.record("maxPool", new Tensor(out), gradient, x);
  }

  private static Tensor maxBackward(PoolSpec spec, Tensor up, NdArray indices) {
    NdArray out = up.backend().uninitialized(up.dtype(), spec.input());
    up.backend().maxPoolBackward(spec, up.data(), indices, out);
    Gradient gradient =
        (_, before, v) -> v.flatten(2).gather(2, new Tensor(indices).flatten(2)).reshape(before);
    return Node.record("maxPoolBackward", new Tensor(out), gradient, up);
  }

  static Tensor average(PoolSpec spec, boolean countPadding, Tensor x) {
    NdArray out = x.backend().uninitialized(x.dtype(), spec.output());
    x.backend().avgPool(spec, countPadding, x.data(), out);
    Gradient gradient = (_, _, up) -> averageBackward(spec, countPadding, up);
    return Node.record("avgPool", new Tensor(out), gradient, x);
  }

  private static Tensor averageBackward(PoolSpec spec, boolean countPadding, Tensor up) {
    NdArray out = up.backend().uninitialized(up.dtype(), spec.input());
    up.backend().avgPoolBackward(spec, countPadding, up.data(), out);
    Gradient gradient = (_, _, v) -> average(spec, countPadding, v);
    return Node.record("avgPoolBackward", new Tensor(out), gradient, up);
  }
}
