package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cublas;
import java.lang.foreign.MemorySegment;

/** A handle of cuBLAS: its stream and modes. */
final class CublasHandle {
  CudaStream stream;
  MemorySegment streamHandle = MemorySegment.NULL;
  int mathMode = Cublas.CUBLAS_DEFAULT_MATH();
  int pointerMode = Cublas.CUBLAS_POINTER_MODE_HOST();
  int atomicsMode = Cublas.CUBLAS_ATOMICS_NOT_ALLOWED();

  CublasHandle(CudaStream stream) {
    this.stream = stream;
  }
}
