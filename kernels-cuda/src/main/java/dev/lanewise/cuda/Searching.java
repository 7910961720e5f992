package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;

/** The places of the largest and smallest elements. */
final class Searching {
  private final CudaBackend backend;

  Searching(CudaBackend backend) {
    this.backend = backend;
  }

  void argMax(NdArray x, int axis, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void argMin(NdArray x, int axis, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }
}
