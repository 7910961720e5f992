package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;

/** Picking single elements by index, and its gradient. */
final class Picking {
  private final CudaBackend backend;

  Picking(CudaBackend backend) {
    this.backend = backend;
  }

  void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }
}
