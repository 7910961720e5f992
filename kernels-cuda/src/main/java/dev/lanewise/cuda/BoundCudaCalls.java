package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Cudnn;
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
              "cudaDeviceGetAttribute",
              "cudaDriverGetVersion",
              "cudaRuntimeGetVersion",
              "cudaGetLastError",
              "cudaGetErrorName",
              "cudaGetErrorString");
      case DRIVER ->
          library.require(
              "cuInit",
              "cuDeviceGet",
              "cuDeviceGetName",
              "cuDeviceTotalMem_v2",
              "cuGetErrorName",
              "cuGetErrorString");
      case CUBLAS -> library.require();
      case CUBLASLT -> library.require("cublasLtGetVersion");
      case CUDNN -> library.require("cudnnGetVersion", "cudnnGetErrorString");
      case NVRTC ->
          library.require(
              "nvrtcVersion",
              "nvrtcGetNumSupportedArchs",
              "nvrtcGetSupportedArchs",
              "nvrtcGetErrorString");
    }
  }

  @Override
  public String file(CudaLibrary library) {
    return library.source();
  }

  @Override
  public String version(CudaLibrary library) {
    return switch (library) {
      case CUDART -> CudaProbe.versionText(runtimeVersion());
      case DRIVER -> CudaProbe.versionText(driverVersion());
      case CUBLAS -> "";
      case CUBLASLT -> inThrees(CublasLt.cublasLtGetVersion());
      case CUDNN -> inThrees(Cudnn.cudnnGetVersion());
      case NVRTC -> Compiler.version();
    };
  }

  /** {@return a version that is 10,000 x major + 100 x minor + patch} */
  private static String inThrees(long version) {
    return version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
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
  public int oldestCapability() {
    return Compiler.capabilities().min().orElseThrow();
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
