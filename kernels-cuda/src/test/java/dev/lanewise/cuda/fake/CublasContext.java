package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cublas;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;

/** What all functions of cuBLAS share: handles, scalars by pointer mode, work on the stream. */
final class CublasContext {

  static final int SUCCESS = Cublas.CUBLAS_STATUS_SUCCESS();

  final DriverDouble cuda;

  CublasContext(DriverDouble cuda) {
    this.cuda = cuda;
  }

  CublasHandle handle(MemorySegment handle) {
    return cuda.handles.get(CublasHandle.class, handle);
  }

  /** Answers {@code CUBLAS_STATUS_INVALID_VALUE} unless the condition holds. */
  static void require(boolean condition, String rule, Object... values) {
    if (!condition) {
      throw Refusal.misuse(Cublas.CUBLAS_STATUS_INVALID_VALUE(), rule.formatted(values));
    }
  }

  /** {@return the number type of a {@code cudaDataType}} */
  static NumberType type(int cudaType) {
    return NumberType.ofCuda(cudaType)
        .orElseThrow(() -> notSupported("the data type %d".formatted(cudaType)));
  }

  static Refusal notSupported(String what) {
    return Refusal.of(Cublas.CUBLAS_STATUS_NOT_SUPPORTED(), what + " is not supported");
  }

  /** {@return whether an operation flag transposes} */
  static boolean transposes(int operation, String name) {
    require(
        operation >= Cublas.CUBLAS_OP_N() && operation <= Cublas.CUBLAS_OP_C(),
        "%s is %d, not CUBLAS_OP_N, _T or _C",
        name,
        operation);
    return operation != Cublas.CUBLAS_OP_N();
  }

  /** Checks a leading dimension as BLAS does: at least 1 and at least the rows as stored. */
  static void leading(String name, int ld, int rows) {
    require(ld >= Math.max(1, rows), "%s is %d for %d rows as stored", name, ld, rows);
  }

  /**
   * {@return a factor} In host pointer mode it is read now, so that the caller may overwrite it; in
   * device pointer mode when the work is done.
   */
  DoubleSupplier scalar(CublasHandle handle, MemorySegment pointer, NumberType type, String name) {
    require(pointer.address() != 0, "%s is null", name);
    if (handle.pointerMode == Cublas.CUBLAS_POINTER_MODE_DEVICE()) {
      long address = pointer.address();
      return () -> type.get(cuda.blocks.at(address, type.bytes()), 0);
    }
    double value = type.get(cuda.host.at(pointer, type.bytes()), 0);
    return () -> value;
  }

  void submit(CublasHandle handle, String what, Runnable work) {
    cuda.streams.submit(handle.stream, what, work);
  }

  /** Stores a number that work yields; in host pointer mode the call waits for it. */
  void result(
      CublasHandle handle,
      MemorySegment pointer,
      NumberType type,
      String what,
      DoubleSupplier work) {
    require(pointer.address() != 0, "result is null");
    if (handle.pointerMode == Cublas.CUBLAS_POINTER_MODE_DEVICE()) {
      long address = pointer.address();
      submit(
          handle,
          what,
          () -> type.set(cuda.blocks.at(address, type.bytes()), 0, work.getAsDouble()));
      return;
    }
    MemorySegment place = cuda.host.at(pointer, type.bytes());
    submit(handle, what, () -> type.set(place, 0, work.getAsDouble()));
    cuda.streams.synchronize(handle.stream, what);
  }
}
