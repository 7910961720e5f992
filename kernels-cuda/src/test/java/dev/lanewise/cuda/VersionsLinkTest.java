package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The libraries are those that these tests were written for: CUDA 12.6 and cuDNN 9.5.1. */
class VersionsLinkTest {

  @BeforeAll
  static void open() {
    CudaLibrary.CUDART.require();
    CudaLibrary.CUBLASLT.require();
    CudaLibrary.NVRTC.require();
    CudaLibrary.CUDNN.require();
  }

  @Test
  void ofTheRuntime() {
    assertEquals(12060, new BoundCudaCalls().runtimeVersion());
    try (var arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(Cudart.C_INT);
      assertEquals(Cudart.cudaSuccess(), Cudart.cudaRuntimeGetVersion(version));
      assertEquals(12060, version.get(Cudart.C_INT, 0));
    }
  }

  @Test
  void ofCudnnAndOfTheRuntimeItWasBuiltFor() {
    assertEquals(90501, Cudnn.cudnnGetVersion());
    assertEquals(12, Cudnn.cudnnGetCudartVersion() / 1000);
  }

  @Test
  void ofCublasLt() {
    assertEquals(12, CublasLt.cublasLtGetVersion() / 10000);
  }

  @Test
  void ofNvrtc() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(Nvrtc.C_INT);
      MemorySegment minor = arena.allocate(Nvrtc.C_INT);
      assertEquals(Nvrtc.NVRTC_SUCCESS(), Nvrtc.nvrtcVersion(major, minor));
      assertEquals(12, major.get(Nvrtc.C_INT, 0));
      assertEquals(6, minor.get(Nvrtc.C_INT, 0));
    }
  }
}
