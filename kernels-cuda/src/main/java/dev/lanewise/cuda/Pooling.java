package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;

/** Maxima and means of windows, and their gradients. */
final class Pooling {
  private final CudaBackend backend;

  Pooling(CudaBackend backend) {
    this.backend = backend;
  }

  void max(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    throw new UnsupportedOperationException("to be written");
  }

  void maxBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    throw new UnsupportedOperationException("to be written");
  }

  void average(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void averageBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    throw new UnsupportedOperationException("to be written");
  }
}
