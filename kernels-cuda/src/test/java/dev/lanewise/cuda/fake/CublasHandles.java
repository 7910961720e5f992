package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.SUCCESS;
import static dev.lanewise.cuda.fake.CublasContext.require;

import dev.lanewise.bindings.cuda.Cublas;
import java.lang.foreign.MemorySegment;

/** The handle of cuBLAS, its modes, and the names of statuses. */
final class CublasHandles {

  /** What the library of CUDA 12.6 says of itself. */
  static final int VERSION = 120603;

  private final CublasContext context;
  private final Out out;
  private final Names names = new Names(Cublas.class, "CUBLAS_STATUS_", "CUBLAS_STATUS_SUCCESS");

  CublasHandles(CublasContext context) {
    this.context = context;
    this.out = new Out(context.cuda.host);
  }

  MemorySegment cublasGetStatusName(int status) {
    return names.name(status);
  }

  MemorySegment cublasGetStatusString(int status) {
    return names.text(status);
  }

  int cublasCreate_v2(MemorySegment handle) {
    DriverDouble cuda = context.cuda;
    require(handle.address() != 0, "handle is null");
    cuda.streams.unsafe("cublasCreate"); // it allocates device memory
    CudaStream legacy = cuda.streams.of(MemorySegment.NULL);
    out.pointer(handle, cuda.handles.add(new CublasHandle(legacy)));
    return SUCCESS;
  }

  int cublasDestroy_v2(MemorySegment handle) {
    context.cuda.handles.remove(CublasHandle.class, handle);
    context.cuda.streams.synchronizeAll("cublasDestroy");
    return SUCCESS;
  }

  /** The library of 12.6 does not look at the handle, nor does this. */
  int cublasGetVersion_v2(MemorySegment handle, MemorySegment version) {
    require(version.address() != 0, "version is null");
    out.number(version, VERSION);
    return SUCCESS;
  }

  int cublasSetStream_v2(MemorySegment handle, MemorySegment stream) {
    CublasHandle found = context.handle(handle);
    found.stream = context.cuda.streams.of(stream);
    found.streamHandle = stream;
    return SUCCESS;
  }

  int cublasGetStream_v2(MemorySegment handle, MemorySegment stream) {
    require(stream.address() != 0, "streamId is null");
    out.pointer(stream, context.handle(handle).streamHandle);
    return SUCCESS;
  }

  /** Documentation of cublasSetWorkspace: the workspace must be aligned to 256 bytes. */
  int cublasSetWorkspace_v2(MemorySegment handle, MemorySegment workspace, long bytes) {
    context.handle(handle);
    require(workspace.address() % 256 == 0, "the workspace is not aligned to 256 bytes");
    require(bytes >= 0, "a workspace of %d bytes", bytes);
    context.cuda.blocks.at(workspace.address(), bytes);
    return SUCCESS;
  }

  int cublasSetMathMode(MemorySegment handle, int mode) {
    int flag = Cublas.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION();
    int base = mode & ~flag;
    require(
        base == Cublas.CUBLAS_DEFAULT_MATH()
            || base == Cublas.CUBLAS_PEDANTIC_MATH()
            || base == Cublas.CUBLAS_TF32_TENSOR_OP_MATH(),
        "no math mode %d",
        mode);
    context.handle(handle).mathMode = mode;
    return SUCCESS;
  }

  int cublasGetMathMode(MemorySegment handle, MemorySegment mode) {
    require(mode.address() != 0, "mode is null");
    out.number(mode, context.handle(handle).mathMode);
    return SUCCESS;
  }

  int cublasSetPointerMode_v2(MemorySegment handle, int mode) {
    require(
        mode == Cublas.CUBLAS_POINTER_MODE_HOST() || mode == Cublas.CUBLAS_POINTER_MODE_DEVICE(),
        "no pointer mode %d",
        mode);
    context.handle(handle).pointerMode = mode;
    return SUCCESS;
  }

  int cublasGetPointerMode_v2(MemorySegment handle, MemorySegment mode) {
    require(mode.address() != 0, "mode is null");
    out.number(mode, context.handle(handle).pointerMode);
    return SUCCESS;
  }

  int cublasSetAtomicsMode(MemorySegment handle, int mode) {
    require(
        mode == Cublas.CUBLAS_ATOMICS_NOT_ALLOWED() || mode == Cublas.CUBLAS_ATOMICS_ALLOWED(),
        "no atomics mode %d",
        mode);
    context.handle(handle).atomicsMode = mode;
    return SUCCESS;
  }
}
