package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/** The checks that several operations share; what the kernels' specs check is left to them. */
final class Checks {
  private Checks() {}

  static void sameBackend(String operation, Tensor x, Tensor y) {
    if (x.data.device() != y.data.device()) {
      throw new IllegalArgumentException(
          operation
              + ": tensors live on two backends, '"
              + x.data.device().name()
              + "' and '"
              + y.data.device().name()
              + "'; move one of them with to(backend)");
    }
  }

  /** Any of the others may be {@code null}. */
  static void sameBackend(String operation, Tensor x, Tensor... others) {
    for (Tensor other : others) {
      if (other != null) {
        sameBackend(operation, x, other);
      }
    }
  }

  static void sameType(String operation, Tensor x, Tensor y) {
    if (x.dtype() != y.dtype()) {
      throw new DTypeException(
          operation
              + ": tensors must have one type, not "
              + x.dtype()
              + " and "
              + y.dtype()
              + "; cast one of them");
    }
  }

  static void compute(String operation, Tensor x) {
    if (!x.dtype().isCompute()) {
      throw new DTypeException(
          operation + ": the tensor must be f32 or f64, not " + x.dtype() + "; cast it");
    }
  }

  static void floating(String operation, Tensor x) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          operation + ": only floating-point tensors have gradients, not " + x.dtype());
    }
  }

  static void bounds(String operation, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          operation + ": the lower bound " + low + " is not below the upper bound " + high);
    }
  }

  static void notNegative(String operation, String what, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          operation + ": " + what + " must be at least 0, not " + value);
    }
  }

  static void mask(String operation, Tensor mask) {
    if (mask.dtype() != DType.BOOL) {
      throw new DTypeException(
          operation
              + ": the mask must be of type bool, not "
              + mask.dtype()
              + "; call cast(DType.BOOL)");
    }
  }

  /** {@return the two extents of a matrix} */
  static Shape matrix(String operation, Tensor x) {
    if (x.shape().rank() != 2) {
      throw new ShapeException(
          operation + ": shape " + x.shape() + " is no matrix; it must have two axes");
    }
    return x.shape();
  }

  static void indices(String operation, Tensor indices) {
    if (indices.dtype() != DType.I32 && indices.dtype() != DType.I64) {
      throw new DTypeException(operation + ": indices must be i32 or i64, not " + indices.dtype());
    }
  }
}
