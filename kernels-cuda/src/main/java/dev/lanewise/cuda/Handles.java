package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The handles of cuBLAS, cuBLASLt and cuDNN on a device, each made when it is first needed. */
final class Handles implements AutoCloseable {
  private final CudaDevice device;
  private MemorySegment blas;
  private MemorySegment blasLt;
  private MemorySegment dnn;

  Handles(CudaDevice device) {
    this.device = device;
  }

  /** Makes all handles. */
  void open() {
    blas();
    blasLt();
    dnn();
  }

  /** {@return the handle of cuBLAS, which works on the device's stream} */
  MemorySegment blas() {
    if (blas == null) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pointer = arena.allocate(Cublas.C_POINTER);
        Status.blas(
            "cublasCreate_v2",
            device.withMemory(
                () -> Cublas.cublasCreate_v2(pointer), Cublas.CUBLAS_STATUS_ALLOC_FAILED()));
        MemorySegment handle = pointer.get(Cublas.C_POINTER, 0);
        int status = Cublas.cublasSetStream_v2(handle, device.stream());
        if (status != Cublas.CUBLAS_STATUS_SUCCESS()) {
          Cublas.cublasDestroy_v2(handle);
          Status.blas("cublasSetStream_v2", status);
        }
        blas = handle;
      }
    }
    return blas;
  }

  /** {@return the handle of cuBLASLt, whose calls take the stream themselves} */
  MemorySegment blasLt() {
    if (blasLt == null) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pointer = arena.allocate(CublasLt.C_POINTER);
        Status.blasLt(
            "cublasLtCreate",
            device.withMemory(
                () -> CublasLt.cublasLtCreate(pointer), CublasLt.CUBLAS_STATUS_ALLOC_FAILED()));
        blasLt = pointer.get(CublasLt.C_POINTER, 0);
      }
    }
    return blasLt;
  }

  /** {@return the handle of cuDNN, which works on the device's stream} */
  MemorySegment dnn() {
    if (dnn == null) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pointer = arena.allocate(Cudnn.C_POINTER);
        Status.dnn(
            "cudnnCreate",
            device.withMemory(
                () -> Cudnn.cudnnCreate(pointer),
                Cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED()));
        MemorySegment handle = pointer.get(Cudnn.C_POINTER, 0);
        int status = Cudnn.cudnnSetStream(handle, device.stream());
        if (status != Cudnn.CUDNN_STATUS_SUCCESS()) {
          Cudnn.cudnnDestroy(handle);
          Status.dnn("cudnnSetStream", status);
        }
        dnn = handle;
      }
    }
    return dnn;
  }

  @Override
  public void close() {
    Closing.all(this::closeDnn, this::closeBlasLt, this::closeBlas);
  }

  private void closeDnn() {
    if (dnn != null) {
      Status.dnn("cudnnDestroy", Cudnn.cudnnDestroy(dnn));
    }
  }

  private void closeBlasLt() {
    if (blasLt != null) {
      Status.blasLt("cublasLtDestroy", CublasLt.cublasLtDestroy(blasLt));
    }
  }

  private void closeBlas() {
    if (blas != null) {
      Status.blas("cublasDestroy_v2", Cublas.cublasDestroy_v2(blas));
    }
  }
}
