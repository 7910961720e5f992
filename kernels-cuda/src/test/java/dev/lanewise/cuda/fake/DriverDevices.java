package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaDriver;
import java.lang.foreign.MemorySegment;

/** The driver's errors, devices and contexts. */
final class DriverDevices {

  private final DriverDouble cuda;
  private final Out out;
  private final Names names = new Names(CudaDriver.class, "CUDA_ERROR_", "CUDA_SUCCESS");

  DriverDevices(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  private void checkDevice(int device) {
    if (device != Device.ORDINAL) {
      throw Refusal.of(CudaDriver.CUDA_ERROR_INVALID_DEVICE(), "there is no device " + device);
    }
  }

  int cuGetErrorName(int error, MemorySegment text) {
    return tell(error, text, names.name(error));
  }

  int cuGetErrorString(int error, MemorySegment text) {
    return tell(error, text, names.text(error));
  }

  private int tell(int error, MemorySegment pointer, MemorySegment text) {
    out.pointer(pointer, names.knows(error) ? text : MemorySegment.NULL);
    return names.knows(error) ? CudaDriver.CUDA_SUCCESS() : CudaDriver.CUDA_ERROR_INVALID_VALUE();
  }

  int cuInit(int flags) {
    if (flags != 0) {
      throw Refusal.misuse(CudaDriver.CUDA_ERROR_INVALID_VALUE(), "no such flags: " + flags);
    }
    cuda.device.initialized = true;
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDriverGetVersion(MemorySegment version) {
    out.number(version, Device.VERSION);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDeviceGetCount(MemorySegment count) {
    out.number(count, 1);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDeviceGet(MemorySegment device, int ordinal) {
    checkDevice(ordinal);
    out.number(device, Device.ORDINAL);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDeviceGetName(MemorySegment name, int room, int device) {
    checkDevice(device);
    out.text(name, room, Device.NAME);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDeviceGetAttribute(MemorySegment value, int attribute, int device) {
    checkDevice(device);
    int found = cuda.device.attribute(attribute);
    if (found < 0) {
      throw Refusal.misuse(CudaDriver.CUDA_ERROR_INVALID_VALUE(), "no attribute " + attribute);
    }
    out.number(value, found);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDeviceTotalMem_v2(MemorySegment bytes, int device) {
    checkDevice(device);
    out.size(bytes, cuda.blocks.total());
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDevicePrimaryCtxRetain(MemorySegment context, int device) {
    checkDevice(device);
    out.pointer(context, cuda.device.context);
    cuda.device.contextsRetained++;
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuDevicePrimaryCtxRelease_v2(int device) {
    checkDevice(device);
    if (cuda.device.contextsRetained == 0) {
      throw Refusal.misuse(
          CudaDriver.CUDA_ERROR_INVALID_CONTEXT(), "released more often than retained");
    }
    cuda.device.contextsRetained--;
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuCtxSetCurrent(MemorySegment context) {
    if (context.address() != 0) {
      cuda.handles.get(Device.Context.class, context);
    }
    cuda.device.makeCurrent(context);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuCtxGetCurrent(MemorySegment context) {
    out.pointer(context, cuda.device.current());
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuCtxPushCurrent_v2(MemorySegment context) {
    cuda.handles.get(Device.Context.class, context);
    cuda.device.pushCurrent(context);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuCtxPopCurrent_v2(MemorySegment context) {
    if (context.address() != 0) {
      out.pointer(context, cuda.device.current());
    }
    cuda.device.makeCurrent(MemorySegment.NULL);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuCtxSynchronize() {
    cuda.streams.synchronizeAll("cuCtxSynchronize");
    return CudaDriver.CUDA_SUCCESS();
  }
}
