package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CudaDetailsTest {

  @Test
  void librariesAndDevicesAreListed() {
    var cuda = new FakeCuda();
    cuda.devices = 2;
    assertEquals(
        List.of(
            "the CUDA runtime: 12.6, /lib/cudart",
            "the NVIDIA driver's library: for CUDA up to 12.6, /lib/driver",
            "cuBLASLt: 12.6, /lib/cublaslt",
            "cuBLAS: /lib/cublas",
            "NVRTC: 12.6, /lib/nvrtc",
            "cuDNN 9: 12.6, /lib/cudnn",
            "device 0: NVIDIA Model 0, compute capability 9.0, 132 multiprocessors, 81920 MiB",
            "device 1: NVIDIA Model 1, compute capability 9.0, 132 multiprocessors, 81920 MiB"),
        CudaDetails.of(cuda));
  }

  @Test
  void whatIsMissingIsOneLineAmongTheOthers() {
    var cuda = new FakeCuda().without(CudaLibrary.CUDNN, Reason.NOT_FOUND);
    List<String> lines = CudaDetails.of(cuda);
    assertEquals("cuDNN 9 is not usable: NOT_FOUND", lines.get(lines.size() - 2));
    cuda.deviceCountFails =
        Optional.of(new DeviceException("", "cudaGetDeviceCount", 100, "cudaErrorNoDevice", "no"));
    lines = CudaDetails.of(cuda);
    assertEquals(
        "devices: cudaGetDeviceCount returned 100 (cudaErrorNoDevice: no)", lines.getLast());
  }

  @Test
  void withoutADriverNoDeviceIsAskedFor() {
    var cuda = new FakeCuda().without(CudaLibrary.DRIVER, Reason.NOT_FOUND);
    List<String> lines = CudaDetails.of(cuda);
    assertEquals("cuDNN 9: 12.6, /lib/cudnn", lines.getLast());
    assertEquals(6, lines.size());
  }

  @Test
  void withoutTheRuntimeNothingMoreIsAsked() {
    var cuda = new FakeCuda().without(CudaLibrary.CUDART, Reason.NOT_FOUND);
    assertEquals(List.of(), CudaDetails.of(cuda));
    assertEquals(List.of("require CUDART"), cuda.asked);
  }

  @Test
  void theRealOnesAreOneLineEach() {
    for (String line : new CudaBackendProvider().details()) {
      assertFalse(line.contains("\n"), line);
    }
  }
}
