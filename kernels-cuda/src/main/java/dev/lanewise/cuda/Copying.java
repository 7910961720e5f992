package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;

/** Copies that convert, within the device and between it and main memory. */
final class Copying {
  private final CudaBackend backend;

  Copying(CudaBackend backend) {
    this.backend = backend;
  }

  void copy(NdArray from, NdArray to) {
    throw new UnsupportedOperationException("to be written");
  }
}
