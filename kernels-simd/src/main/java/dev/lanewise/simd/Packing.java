package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * Temporaries for arrays that a loop can not run through, because neighbours along the innermost
 * axis do not lie side by side. They live in the innermost open scope.
 */
final class Packing {
  private final Device device;
  private final DType dtype;
  private final Workers workers;

  Packing(Device device, DType dtype, Workers workers) {
    this.device = device;
    this.dtype = dtype;
    this.workers = workers;
  }

  /** {@return memory for so many elements} */
  NdArray temporary(long elements) {
    if (elements > Integer.MAX_VALUE) {
      throw new ShapeException(
          "temporary: " + elements + " elements are more than one axis can have");
    }
    return NdArray.uninitialized(device, dtype, Shape.of((int) elements));
  }

  /** Copies elements between two layouts of memory that the caller keeps reachable. */
  void copy(long[] dims, long from, long[] fromStrides, long to, long[] toStrides) {
    StridedCopy.run(
        new Nest(
            this,
            dtype,
            dims.clone(),
            new long[] {from, to},
            new long[][] {fromStrides.clone(), toStrides.clone()}),
        workers);
  }
}
