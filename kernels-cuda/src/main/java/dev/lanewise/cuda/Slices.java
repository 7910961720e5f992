package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;

/** Picking whole slices by index, and its gradient. */
final class Slices {
  private final CudaBackend backend;

  Slices(CudaBackend backend) {
    this.backend = backend;
  }

  void select(NdArray x, int axis, NdArray indices, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void add(NdArray x, int axis, NdArray indices, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }
}
