package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;

/**
 * Masks among the arrays of an expression, which a loop over numbers reads and writes as the
 * numbers 0 and 1. The temporaries live in the innermost open scope.
 */
final class Masks {
  private final Backend backend;
  private final DType dtype;

  /** Prepares for loops that compute in {@code dtype}. */
  Masks(Backend backend, DType dtype) {
    this.backend = backend;
    this.dtype = dtype;
  }

  /** {@return whether one of the arrays is a mask} */
  static boolean any(NdArray... arrays) {
    for (NdArray array : arrays) {
      if (array.dtype() == DType.BOOL) {
        return true;
      }
    }
    return false;
  }

  /** {@return the arrays, masks as numbers} */
  NdArray[] inputs(NdArray[] arrays) {
    NdArray[] numbers = outputs(arrays);
    for (int i = 0; i < arrays.length; i++) {
      if (numbers[i] != arrays[i]) {
        backend.copy(arrays[i], numbers[i]);
      }
    }
    return numbers;
  }

  /** {@return the arrays, with new ones of numbers in the place of masks} */
  NdArray[] outputs(NdArray[] arrays) {
    NdArray[] numbers = arrays.clone();
    for (int i = 0; i < arrays.length; i++) {
      if (arrays[i].dtype() == DType.BOOL) {
        numbers[i] = backend.uninitialized(dtype, arrays[i].shape());
      }
    }
    return numbers;
  }

  /** Writes the numbers that {@link #outputs} gave to the masks: true where they are not 0. */
  void finish(NdArray[] numbers, NdArray[] arrays) {
    for (int i = 0; i < arrays.length; i++) {
      if (numbers[i] != arrays[i]) {
        backend.copy(numbers[i], arrays[i]);
      }
    }
  }
}
