package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.MemorySegment;

/** The runtime's errors, versions and devices. */
final class CudartDevice {

  private final DriverDouble cuda;
  private final Out out;
  private final Names names = new Names(Cudart.class, "cudaError", "cudaSuccess");

  CudartDevice(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  private void checkDevice(int device) {
    if (device != Device.ORDINAL) {
      throw Refusal.of(Cudart.cudaErrorInvalidDevice(), "there is no device " + device);
    }
  }

  MemorySegment cudaGetErrorName(int error) {
    return names.name(error);
  }

  MemorySegment cudaGetErrorString(int error) {
    return names.text(error);
  }

  int cudaGetLastError() {
    int error = cuda.device.lastError();
    cuda.device.noteError(Cudart.cudaSuccess());
    return error;
  }

  int cudaPeekAtLastError() {
    return cuda.device.lastError();
  }

  int cudaRuntimeGetVersion(MemorySegment version) {
    out.number(version, Device.VERSION);
    return Cudart.cudaSuccess();
  }

  int cudaDriverGetVersion(MemorySegment version) {
    out.number(version, Device.VERSION);
    return Cudart.cudaSuccess();
  }

  int cudaGetDeviceCount(MemorySegment count) {
    out.number(count, 1);
    return Cudart.cudaSuccess();
  }

  int cudaSetDevice(int device) {
    checkDevice(device);
    cuda.device.makeCurrent(cuda.device.context);
    return Cudart.cudaSuccess();
  }

  int cudaGetDevice(MemorySegment device) {
    out.number(device, Device.ORDINAL);
    return Cudart.cudaSuccess();
  }

  int cudaDeviceGetAttribute(MemorySegment value, int attribute, int device) {
    checkDevice(device);
    int found = cuda.device.attribute(attribute);
    if (found < 0) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no attribute " + attribute);
    }
    out.number(value, found);
    return Cudart.cudaSuccess();
  }

  int cudaDeviceGetPCIBusId(MemorySegment id, int room, int device) {
    checkDevice(device);
    out.text(id, room, "0000:01:00.0");
    return Cudart.cudaSuccess();
  }

  int cudaDeviceSynchronize() {
    cuda.streams.synchronizeAll("cudaDeviceSynchronize");
    return Cudart.cudaSuccess();
  }

  int cudaDeviceReset() {
    cuda.streams.unsafe("cudaDeviceReset");
    cuda.endAll();
    return Cudart.cudaSuccess();
  }

  int cudaDeviceGetStreamPriorityRange(MemorySegment least, MemorySegment greatest) {
    out.number(least, 0);
    out.number(greatest, -5);
    return Cudart.cudaSuccess();
  }

  int cudaDeviceCanAccessPeer(MemorySegment can, int device, int peer) {
    checkDevice(device);
    checkDevice(peer);
    out.number(can, 0);
    return Cudart.cudaSuccess();
  }

  int cudaDeviceEnablePeerAccess(int peer, int flags) {
    throw Refusal.of(Cudart.cudaErrorInvalidDevice(), "device " + peer + " is no peer");
  }
}
