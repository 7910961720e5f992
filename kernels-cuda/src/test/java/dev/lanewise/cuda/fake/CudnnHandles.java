package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.require;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;

/** The handle of cuDNN, versions, and errors in words. */
final class CudnnHandles {

  /** What the library of 9.5.1 for CUDA 12.6 says of itself. */
  private static final long VERSION = 90501;

  private static final long CUDART_VERSION = 12060;
  private static final long MAX_DEVICE_VERSION = 900;

  private final CudnnContext context;
  private final Names names = new Names(Cudnn.class, "CUDNN_STATUS_", "CUDNN_STATUS_SUCCESS");

  CudnnHandles(CudnnContext context) {
    this.context = context;
  }

  MemorySegment cudnnGetErrorString(int status) {
    return names.name(status);
  }

  /** Tells the last error of the thread and forgets it. */
  void cudnnGetLastErrorString(MemorySegment message, long room) {
    context.out.text(message, Math.toIntExact(room), context.lastError.get());
    context.lastError.remove();
  }

  int cudnnCreate(MemorySegment handle) {
    require(handle.address() != 0, "handle is null");
    context.cuda.streams.unsafe("cudnnCreate"); // it starts the device
    CudaStream legacy = context.cuda.streams.of(MemorySegment.NULL);
    return context.create(handle, () -> new CudnnHandle(legacy));
  }

  /** Null is no handle and may be ended, as seen with 9.5. */
  int cudnnDestroy(MemorySegment handle) {
    return context.destroy(CudnnHandle.class, handle);
  }

  int cudnnSetStream(MemorySegment handle, MemorySegment stream) {
    CudnnHandle found = context.handle(handle);
    found.stream = context.cuda.streams.of(stream);
    found.streamHandle = stream;
    return SUCCESS;
  }

  int cudnnGetStream(MemorySegment handle, MemorySegment stream) {
    require(stream.address() != 0, "streamId is null");
    context.out.pointer(stream, context.handle(handle).streamHandle);
    return SUCCESS;
  }

  long cudnnGetVersion() {
    return VERSION;
  }

  long cudnnGetCudartVersion() {
    return CUDART_VERSION;
  }

  long cudnnGetMaxDeviceVersion() {
    return MAX_DEVICE_VERSION;
  }

  int cudnnGraphVersionCheck() {
    return SUCCESS;
  }

  int cudnnOpsVersionCheck() {
    return SUCCESS;
  }

  int cudnnCnnVersionCheck() {
    return SUCCESS;
  }

  int cudnnAdvVersionCheck() {
    return SUCCESS;
  }
}
