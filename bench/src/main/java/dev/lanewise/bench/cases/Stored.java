package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;

/** A case's numbers as arrays of the types that kernels take. */
final class Stored {
  private Stored() {}

  /** {@return an array of the type with these values} */
  static NdArray of(Backend backend, DType dtype, float[] values, int... dims) {
    NdArray floats = NdArray.of(backend, values, dims);
    if (dtype == DType.F32) {
      return floats;
    }
    NdArray converted = backend.uninitialized(dtype, floats.shape());
    backend.copy(floats, converted);
    return converted;
  }
}
