package dev.lanewise.simd;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;

/** Arrays without gaps for kernels that need them; the copies live in the innermost open scope. */
final class Dense {
  private Dense() {}

  /** {@return the array itself if it is row-major without gaps, else such a copy} */
  static NdArray input(NdArray x, Workers workers) {
    if (x.layout().isContiguous()) {
      return x;
    }
    NdArray copy = NdArray.uninitialized(x.device(), x.dtype(), x.shape());
    StridedCopy.run(Nest.of(x, copy), workers);
    return copy;
  }

  /** {@return the array itself if it is row-major without gaps, else one to be copied back} */
  static NdArray output(NdArray out) {
    return out.layout().isContiguous()
        ? out
        : NdArray.uninitialized(out.device(), out.dtype(), out.shape());
  }

  /** Copies what {@link #output} gave to where it belongs. */
  static void finish(NdArray dense, NdArray out, Workers workers) {
    if (dense != out) {
      StridedCopy.run(Nest.of(dense, out), workers);
    }
  }

  /** {@return the strides of a layout} */
  static long[] strides(Layout layout) {
    long[] strides = new long[layout.shape().rank()];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = layout.stride(i);
    }
    return strides;
  }
}
