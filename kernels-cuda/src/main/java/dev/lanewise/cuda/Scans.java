package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ReduceOp;

/** Cumulative sums, products, maxima and minima. */
final class Scans {
  private final CudaBackend backend;

  Scans(CudaBackend backend) {
    this.backend = backend;
  }

  void run(ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }
}
