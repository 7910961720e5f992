package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Asks the real libraries. No context is made on any device. */
final class BoundCudaCalls implements CudaCalls {

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
  public int deviceCount() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(Cudart.C_INT);
      Status.runtime("cudaGetDeviceCount", Cudart.cudaGetDeviceCount(count));
      return count.get(Cudart.C_INT, 0);
    }
  }

  @Override
  public DeviceFacts facts(int ordinal) {
    return DeviceFacts.of(ordinal);
  }

  @Override
  public int driverVersion() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(Cudart.C_INT);
      Status.runtime("cudaDriverGetVersion", Cudart.cudaDriverGetVersion(version));
      return version.get(Cudart.C_INT, 0);
    }
  }

  @Override
  public int runtimeVersion() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(Cudart.C_INT);
      Status.runtime("cudaRuntimeGetVersion", Cudart.cudaRuntimeGetVersion(version));
      return version.get(Cudart.C_INT, 0);
    }
  }
}
