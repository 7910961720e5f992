package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;

/** Sorting along an axis. */
final class Sorting {
  private final CudaBackend backend;

  Sorting(CudaBackend backend) {
    this.backend = backend;
  }

  void run(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    throw new UnsupportedOperationException("to be written");
  }
}
