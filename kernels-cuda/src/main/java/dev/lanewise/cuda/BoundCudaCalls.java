package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ToIntBiFunction;

/** Asks the real libraries. No context is made on any device. */
final class BoundCudaCalls implements CudaCalls {

  private static final int NAME_BYTES = 256;

  @Override
  public void require(CudaLibrary library) {
    switch (library) {
      case CUDART ->
          library.require(
              "cudaGetDeviceCount",
              "cudaDriverGetVersion",
              "cudaRuntimeGetVersion",
              "cudaGetErrorName",
              "cudaGetErrorString");
      case DRIVER ->
          library.require(
              "cuInit", "cuDeviceGet", "cuDeviceGetName", "cuGetErrorName", "cuGetErrorString");
      case CUBLAS, CUBLASLT, CUDNN, NVRTC -> library.require();
    }
  }

  @Override
  public int deviceCount() throws CudaCallException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(Cudart.C_INT);
      checkRuntime("cudaGetDeviceCount", Cudart.cudaGetDeviceCount(count));
      return count.get(Cudart.C_INT, 0);
    }
  }

  @Override
  public String deviceName(int ordinal) throws CudaCallException {
    try (var arena = Arena.ofConfined()) {
      checkDriver("cuInit", CudaDriver.cuInit(0));
      MemorySegment device = arena.allocate(CudaDriver.C_INT);
      checkDriver("cuDeviceGet", CudaDriver.cuDeviceGet(device, ordinal));
      MemorySegment name = arena.allocate(NAME_BYTES);
      checkDriver(
          "cuDeviceGetName",
          CudaDriver.cuDeviceGetName(name, NAME_BYTES, device.get(CudaDriver.C_INT, 0)));
      return name.getString(0);
    }
  }

  @Override
  public int driverVersion() throws CudaCallException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(Cudart.C_INT);
      checkRuntime("cudaDriverGetVersion", Cudart.cudaDriverGetVersion(version));
      return version.get(Cudart.C_INT, 0);
    }
  }

  @Override
  public int runtimeVersion() throws CudaCallException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(Cudart.C_INT);
      checkRuntime("cudaRuntimeGetVersion", Cudart.cudaRuntimeGetVersion(version));
      return version.get(Cudart.C_INT, 0);
    }
  }

  private static void checkRuntime(String call, int status) throws CudaCallException {
    if (status != Cudart.cudaSuccess()) {
      throw new CudaCallException(
          call,
          status,
          Cudart.cudaGetErrorName(status).getString(0),
          Cudart.cudaGetErrorString(status).getString(0));
    }
  }

  private static void checkDriver(String call, int status) throws CudaCallException {
    if (status != CudaDriver.CUDA_SUCCESS()) {
      throw new CudaCallException(
          call,
          status,
          driverText(status, CudaDriver::cuGetErrorName),
          driverText(status, CudaDriver::cuGetErrorString));
    }
  }

  /** The driver gives no text for a status that it does not know. */
  private static String driverText(int status, ToIntBiFunction<Integer, MemorySegment> ask) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(CudaDriver.C_POINTER);
      return ask.applyAsInt(status, pointer) == CudaDriver.CUDA_SUCCESS()
          ? pointer.get(CudaDriver.C_POINTER, 0).getString(0)
          : "unknown to this driver";
    }
  }
}
