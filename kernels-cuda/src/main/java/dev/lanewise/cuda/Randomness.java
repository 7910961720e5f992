package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Distribution;

/** Random numbers: those of every other backend, bit for bit. */
final class Randomness {
  private final CudaBackend backend;

  Randomness(CudaBackend backend) {
    this.backend = backend;
  }

  void fill(Distribution distribution, long seed, long stream, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }
}
