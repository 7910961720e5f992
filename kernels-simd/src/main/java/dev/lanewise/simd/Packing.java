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
  private boolean used;

  Packing(Device device, DType dtype, Workers workers) {
    this.device = device;
    this.dtype = dtype;
    this.workers = workers;
  }

  /** {@return whether a temporary was needed} */
  boolean isUsed() {
    return used;
  }

  /** {@return memory for so many elements} */
  NdArray temporary(long elements) {
    used = true;
    if (elements > Integer.MAX_VALUE) {
      throw new ShapeException(
          "temporary: " + elements + " elements are more than one axis can have");
    }
    return NdArray.uninitialized(device, dtype, Shape.of((int) elements));
  }

  /** Lets a nest use a copy of one of its inputs that has no gaps. */
  void packInput(Nest nest, int array) {
    long[] like = nest.strides[array];
    long[] packed = nest.packedStrides(like);
    NdArray copy = temporary(nest.packedSize(like));
    long[] dims = nest.dims.clone();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = like[i] == 0 ? 1 : dims[i];
    }
    copy(dims, nest.addresses[array], like, Addresses.of(copy), packed);
    nest.addresses[array] = Addresses.of(copy);
    nest.strides[array] = packed;
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
