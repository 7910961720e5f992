package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryNamesTest {

  @ParameterizedTest
  @CsvSource({
    "DRIVER,   0,  libcuda.so.1,      nvcuda.dll",
    "CUDART,   12, libcudart.so.12,   cudart64_12.dll",
    "CUDART,   13, libcudart.so.13,   cudart64_13.dll",
    "CUBLAS,   12, libcublas.so.12,   cublas64_12.dll",
    "CUBLAS,   13, libcublas.so.13,   cublas64_13.dll",
    "CUBLASLT, 12, libcublasLt.so.12, cublasLt64_12.dll",
    "CUBLASLT, 13, libcublasLt.so.13, cublasLt64_13.dll",
    "CUDNN,    12, libcudnn.so.9,     cudnn64_9.dll",
    "CUDNN,    13, libcudnn.so.9,     cudnn64_9.dll",
    "NVRTC,    12, libnvrtc.so.12,    nvrtc64_120_0.dll",
    "NVRTC,    13, libnvrtc.so.13,    nvrtc64_130_0.dll",
  })
  void filesAreNamedAsTheirMakerNamesThem(
      CudaLibrary library, int major, String linux, String windows) {
    assertEquals(linux, new LibraryNames(false).file(library, major));
    assertEquals(windows, new LibraryNames(true).file(library, major));
  }

  @Test
  void aNameThatServesBothMajorsIsListedOnce() {
    var names = new LibraryNames(false);
    assertEquals(List.of("libcudnn.so.9"), names.files(CudaLibrary.CUDNN, LibraryNames.MAJORS));
    assertEquals(
        List.of("libcudart.so.13", "libcudart.so.12"),
        names.files(CudaLibrary.CUDART, LibraryNames.MAJORS));
  }

  @Test
  void nvrtcNeedsItsBuiltinsButNotTheirAlternative() {
    List<String> folder =
        List.of(
            "libnvrtc.so.13",
            "libnvrtc-builtins.so.13.0",
            "libnvrtc-builtins.alt.so.13.0",
            "libnvrtc-builtins.so.12.6",
            "libnvrtc-builtins_static.a",
            "libcublasLt.so.13");
    assertEquals(
        List.of("libnvrtc-builtins.so.12.6", "libnvrtc-builtins.so.13.0"),
        new LibraryNames(false).companions(CudaLibrary.NVRTC, 13, folder));
  }

  @Test
  void onWindowsTheBuiltinsAreADll() {
    assertEquals(
        List.of("nvrtc-builtins64_126.dll"),
        new LibraryNames(true)
            .companions(
                CudaLibrary.NVRTC,
                12,
                List.of("nvrtc64_120_0.dll", "nvrtc-builtins64_126.dll", "nvrtc-builtins.lib")));
  }

  @Test
  void cublasNeedsCublasLtOfItsMajorAndTheOthersNothing() {
    List<String> folder = List.of("libcublasLt.so.12", "libcublasLt.so.13", "libnvrtc-builtins.so");
    var names = new LibraryNames(false);
    assertEquals(List.of("libcublasLt.so.12"), names.companions(CudaLibrary.CUBLAS, 12, folder));
    for (CudaLibrary alone :
        List.of(CudaLibrary.DRIVER, CudaLibrary.CUDART, CudaLibrary.CUBLASLT, CudaLibrary.CUDNN)) {
      assertEquals(List.of(), names.companions(alone, 12, folder), alone::name);
    }
  }
}
