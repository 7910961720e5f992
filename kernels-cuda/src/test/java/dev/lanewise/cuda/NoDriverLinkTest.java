package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the libraries answer, and what the provider makes of it, without a driver. */
class NoDriverLinkTest {

  @BeforeAll
  static void noDriver() {
    if (CudaLibrary.DRIVER.present()) {
      String reason = "an NVIDIA driver is here: what happens without one is not looked at";
      System.out.println(reason); // the build's output does not show an assumption's reason
      abort(reason);
    }
    CudaLibrary.CUDART.require();
    CudaLibrary.CUBLASLT.require();
    CudaLibrary.CUBLAS.require();
    CudaLibrary.CUDNN.require();
  }

  /** What a function returns that is given a place to write a handle, a pointer or a number to. */
  private static int status(ToIntFunction<MemorySegment> function) {
    try (var arena = Arena.ofConfined()) {
      return function.applyAsInt(arena.allocate(Long.BYTES, Long.BYTES));
    }
  }

  @Test
  void theRuntimeTakesAMissingDriverForOneThatIsTooOld() {
    assertEquals(35, Cudart.cudaErrorInsufficientDriver());
    assertEquals(35, status(Cudart::cudaGetDeviceCount));
    assertEquals(35, Cudart.cudaPeekAtLastError());
    assertEquals(35, Cudart.cudaGetLastError());
    assertEquals(35, status(to -> Cudart.cudaMalloc(to, 256)));
    DeviceException thrown =
        assertThrows(DeviceException.class, () -> new BoundCudaCalls().deviceCount());
    assertEquals(
        "cudaGetDeviceCount returned 35 (cudaErrorInsufficientDriver: CUDA driver version is"
            + " insufficient for CUDA runtime version)",
        thrown.getMessage());
  }

  @Test
  void theDriversVersionIsZeroAndNoError() {
    assertEquals(0, status(Cudart::cudaDriverGetVersion));
    assertEquals(0, new BoundCudaCalls().driverVersion());
  }

  @Test
  void noHandleIsMade() {
    assertEquals(Cublas.CUBLAS_STATUS_NOT_INITIALIZED(), status(Cublas::cublasCreate_v2));
    assertEquals(1, Cublas.CUBLAS_STATUS_NOT_INITIALIZED());
    assertEquals(1, status(CublasLt::cublasLtCreate));
    assertEquals(Cudnn.CUDNN_STATUS_NOT_INITIALIZED(), status(Cudnn::cudnnCreate));
    assertEquals(1001, Cudnn.CUDNN_STATUS_NOT_INITIALIZED());
  }

  @Test
  void statusesHaveTheirNames() {
    assertEquals("CUBLAS_STATUS_NOT_INITIALIZED", Cublas.cublasGetStatusName(1).getString(0));
    assertEquals("CUBLAS_STATUS_NOT_INITIALIZED", CublasLt.cublasLtGetStatusName(1).getString(0));
    assertEquals("CUDNN_STATUS_NOT_INITIALIZED", Cudnn.cudnnGetErrorString(1001).getString(0));
    assertEquals("cudaErrorInsufficientDriver", Cudart.cudaGetErrorName(35).getString(0));
  }

  @Test
  void theProviderNamesTheDriverAndTheCure() throws Exception {
    String path = "-Dlanewise.cuda.path=" + System.getProperty("lanewise.cuda.path");
    List<String> output =
        ChildJvm.run(CudaBackendProviderTest.Ask.class, "--enable-native-access=ALL-UNNAMED", path)
            .replaceAll("the \\d+ places", "the N places")
            .lines()
            .skip(1) // the provider's name
            .toList();
    String answer =
        "unavailable, because the NVIDIA driver's library (libcuda.so.1) is in none of the N places"
            + " searched; cure: install the NVIDIA driver (in a container, start it with the GPU),"
            + " or name its folder with -Dlanewise.cuda.path=FOLDER";
    assertEquals(List.of(answer, "backend 'cuda' is " + answer), output);
  }
}
