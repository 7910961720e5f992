package dev.lanewise.bindings.cuda;

import static dev.lanewise.bindings.cuda.CudaLibrary.CUBLAS;
import static dev.lanewise.bindings.cuda.CudaLibrary.CUBLASLT;
import static dev.lanewise.bindings.cuda.CudaLibrary.CUDART;
import static dev.lanewise.bindings.cuda.CudaLibrary.CUDNN;
import static dev.lanewise.bindings.cuda.CudaLibrary.DRIVER;
import static dev.lanewise.bindings.cuda.CudaLibrary.NVRTC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaLibraryException.Reason;
import dev.lanewise.bindings.cuda.SearchOutcome.Found;
import dev.lanewise.bindings.cuda.SearchOutcome.Missing;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LibrarySearchTest {

  private static Found found(LibrarySearch search, CudaLibrary library) {
    return assertInstanceOf(Found.class, search.outcome(library));
  }

  private static Missing missing(LibrarySearch search, CudaLibrary library, Reason reason) {
    Missing missing = assertInstanceOf(Missing.class, search.outcome(library));
    assertEquals(reason, missing.reason(), missing::because);
    assertFalse(missing.because().contains("\n") || missing.cure().contains("\n"));
    return missing;
  }

  @Test
  void theNewerRuntimeIsPreferredInTheSamePlace() {
    FakeSystem system =
        FakeSystem.linux().property("/a").file("/a/libcudart.so.12", "/a/libcudart.so.13");
    assertEquals("/a/libcudart.so.13", found(system.search(), CUDART).source());
    assertEquals(13, found(system.search(), CUDART).major());
  }

  @Test
  void whatIsNamedAndIsNoFolderIsTold() {
    FakeSystem system = FakeSystem.linux().property("/a:/typo:/a/file.so").file("/a/file.so");
    String cure = missing(system.search(), DRIVER, Reason.NOT_FOUND).cure();
    assertTrue(cure.endsWith("=FOLDER (no folder: '/typo', '/a/file.so')"), cure);
    cure = missing(system.property("/a").search(), DRIVER, Reason.NOT_FOUND).cure();
    assertTrue(cure.endsWith("=FOLDER"), cure);
  }

  @Test
  void anEarlierPlaceIsPreferredToANewerRuntime() {
    FakeSystem system =
        FakeSystem.linux()
            .property("/a:/b")
            .file("/a/libcudart.so.12", "/b/libcudart.so.13")
            .systemPath("libcudart.so.13");
    assertEquals("/a/libcudart.so.12", found(system.search(), CUDART).source());
  }

  @Test
  void eachKindOfPlaceIsReached() {
    String name = "libcudart.so.12";
    FakeSystem system =
        FakeSystem.linux().property("/p").variable("CUDA_PATH", "/e").systemPath(name);
    system.file("/p/lib/" + name, "/e/lib64/" + name, "/usr/local/cuda-12.6/lib64/" + name);
    for (String expected :
        List.of("/p/lib/" + name, "/e/lib64/" + name, name, "/usr/local/cuda-12.6/lib64/" + name)) {
      assertEquals(expected, found(system.search(), CUDART).source());
      system.files.remove(expected);
      system.onSystemPath.remove(expected);
    }
    missing(system.search(), CUDART, Reason.NOT_FOUND);
  }

  @Test
  void aRuntimeOnTheLoadersPathIsPreferredToANewerOneInItsCache() {
    FakeSystem system =
        FakeSystem.linux()
            .variable("LD_LIBRARY_PATH", "/ld")
            .file("/ld/libcudart.so.12")
            .systemPath("libcudart.so.13", "libcudart.so.12");
    assertEquals("/ld/libcudart.so.12", found(system.search(), CUDART).source());
  }

  @ParameterizedTest
  @EnumSource(
      value = CudaLibrary.class,
      names = {"CUBLAS", "CUBLASLT", "NVRTC"})
  void theOthersTakeTheRuntimesMajorWhereverItIs(CudaLibrary library) {
    var names = new LibraryNames(false);
    FakeSystem system =
        FakeSystem.linux()
            .property("/a:/b")
            .file(
                "/a/libcudart.so.12",
                "/a/" + names.file(library, 13),
                "/b/" + names.file(library, 12));
    assertEquals("/b/" + names.file(library, 12), found(system.search(), library).source());
    assertFalse(
        system.log.contains("/a/" + names.file(library, 13)), "of another major: not opened");
  }

  @Test
  void onWindowsTheSearchIsTheSame() {
    FakeSystem system =
        FakeSystem.windows()
            .variable("CUDA_PATH", "C:\\v13.0")
            .file(
                "C:\\v13.0\\bin\\x64\\cudart64_13.dll",
                "C:\\v13.0\\bin\\x64\\cublas64_13.dll",
                "C:\\v13.0\\bin\\x64\\cublasLt64_13.dll",
                "C:\\v13.0\\bin\\x64\\nvrtc64_130_0.dll",
                "C:\\v13.0\\bin\\x64\\nvrtc-builtins64_130.dll")
            .systemPath("nvcuda.dll");
    LibrarySearch search = system.search();
    assertEquals("nvcuda.dll", found(search, DRIVER).source());
    assertEquals("C:\\v13.0\\bin\\x64\\cublas64_13.dll", found(search, CUBLAS).source());
    assertEquals("C:\\v13.0\\bin\\x64\\nvrtc64_130_0.dll", found(search, NVRTC).source());
    assertEquals(
        List.of(
            "nvcuda.dll",
            "C:\\v13.0\\bin\\x64\\cudart64_13.dll",
            "C:\\v13.0\\bin\\x64\\cublasLt64_13.dll",
            "C:\\v13.0\\bin\\x64\\cublas64_13.dll",
            "C:\\v13.0\\bin\\x64\\nvrtc-builtins64_130.dll",
            "C:\\v13.0\\bin\\x64\\nvrtc64_130_0.dll"),
        system.log);
    missing(search, CUDNN, Reason.NOT_FOUND);
  }

  @Test
  void theBuiltinsAreOpenedBeforeNvrtcAndOnlyBesideIt() {
    FakeSystem system =
        FakeSystem.linux()
            .property("/a:/b")
            .file(
                "/a/libcudart.so.13",
                "/a/libnvrtc-builtins.so.13.0",
                "/b/libnvrtc.so.13",
                "/b/libnvrtc-builtins.so.13.1",
                "/b/libnvrtc-builtins.alt.so.13.1");
    found(system.search(), NVRTC);
    assertEquals(
        List.of("/a/libcudart.so.13", "/b/libnvrtc-builtins.so.13.1", "/b/libnvrtc.so.13"),
        system.log);
  }

  @Test
  void aCudnnOfAnotherMajorIsGivenBackAndTheSearchGoesOn() {
    FakeSystem system =
        FakeSystem.linux()
            .property("/a:/b")
            .file("/a/libcudart.so.13", "/a/libcudnn.so.9", "/b/libcudnn.so.9");
    system.cudnnMajors.put("/b/libcudnn.so.9", 13);
    assertEquals("/b/libcudnn.so.9", found(system.search(), CUDNN).source());
    assertEquals(
        List.of(
            "/a/libcudart.so.13", "/a/libcudnn.so.9", "close /a/libcudnn.so.9", "/b/libcudnn.so.9"),
        system.log);
  }

  @Test
  void aCudnnOfAnotherMajorOnlyIsRefused() {
    FakeSystem system =
        FakeSystem.linux().property("/a").file("/a/libcudart.so.13", "/a/libcudnn.so.9");
    Missing missing = missing(system.search(), CUDNN, Reason.OTHER_MAJOR);
    assertEquals(
        "cuDNN 9 is there only for another CUDA (/a/libcudnn.so.9, built for CUDA 12)"
            + " than the runtime's 13 (/a/libcudart.so.13)",
        missing.because());
    assertEquals(
        "install cuDNN 9 for CUDA 13, or name its folder with -Dlanewise.cuda.path=FOLDER",
        missing.cure());
  }

  @Test
  void aFileThatOnlyPretendsToBeCudnnIsRefused() {
    FakeSystem system =
        FakeSystem.linux().property("/a").file("/a/libcudart.so.13", "/a/libcudnn.so.9");
    system.cudnnMajors.put("/a/libcudnn.so.9", 0);
    Missing missing = missing(system.search(), CUDNN, Reason.OTHER_MAJOR);
    assertTrue(missing.because().contains("does not say its CUDA"), missing::because);
  }

  @Test
  void aLibraryOfAnotherMajorIsNamedButNotOpened() {
    FakeSystem system =
        FakeSystem.linux().property("/a").file("/a/libcudart.so.12", "/a/libcublas.so.13");
    Missing missing = missing(system.search(), CUBLAS, Reason.OTHER_MAJOR);
    assertEquals(
        "cuBLAS is there only for another CUDA (/a/libcublas.so.13)"
            + " than the runtime's 12 (/a/libcudart.so.12)",
        missing.because());
    assertFalse(system.log.contains("/a/libcublas.so.13"));
  }

  @Test
  void aMissingRuntimeSaysHowManyPlacesWereSearchedAndEachFileTried() {
    FakeSystem system = FakeSystem.linux().property("/a").variable("CUDA_PATH", "/c");
    Missing missing = missing(system.search(), CUDART, Reason.NOT_FOUND);
    assertEquals(
        "the CUDA runtime (libcudart.so.13 or libcudart.so.12) is in none of the 9 places searched",
        missing.because());
    assertEquals(
        "install CUDA 13 or 12, or name its folder with -Dlanewise.cuda.path=FOLDER"
            + " (no folder: '/a')",
        missing.cure());
    assertEquals(18, missing.tried().size());
    assertEquals("/a/libcudart.so.13: no such file", missing.tried().getFirst());
    assertTrue(
        missing.tried().contains("libcudart.so.12: not found by the system's own search"),
        missing.tried()::toString);
    CudaLibraryException thrown = missing.exception(CUDART);
    assertEquals(CUDART, thrown.library());
    assertEquals(missing.tried(), thrown.tried());
    assertTrue(thrown.getMessage().startsWith("CUDART: the CUDA runtime"), thrown::getMessage);
    for (String file : missing.tried()) {
      assertTrue(thrown.getMessage().contains("\n  tried " + file), thrown::getMessage);
    }
  }

  @Test
  void aMissingDriverHasACureOfItsOwn() {
    Missing missing = missing(FakeSystem.linux().search(), DRIVER, Reason.NOT_FOUND);
    assertEquals(
        "the NVIDIA driver's library (libcuda.so.1) is in none of the 2 places searched",
        missing.because());
    assertTrue(missing.cure().startsWith("install the NVIDIA driver"), missing::cure);
  }

  @ParameterizedTest
  @EnumSource(
      value = CudaLibrary.class,
      names = {"CUBLAS", "CUBLASLT", "CUDNN", "NVRTC"})
  void withoutARuntimeTheOthersAreNotLookedFor(CudaLibrary library) {
    FakeSystem system = FakeSystem.linux().systemPath("libcublas.so.12", "libcudnn.so.9");
    LibrarySearch search = system.search();
    Missing missing = missing(search, library, Reason.NOT_FOUND);
    assertTrue(missing.because().startsWith(library.title()), missing::because);
    assertTrue(missing.because().contains("libcudart.so.12"), missing::because);
    assertEquals(List.of("libcudart.so.13", "libcudart.so.12"), system.log);
  }

  @Test
  void aBrokenFileIsPassedOverAndNamedIfNothingElseIsThere() {
    FakeSystem system =
        FakeSystem.linux().property("/a").file("/a/libcudart.so.13", "/a/libcudart.so.12");
    system.broken.add("/a/libcudart.so.13");
    assertEquals("/a/libcudart.so.12", found(system.search(), CUDART).source());

    system.broken.add("/a/libcudart.so.12");
    Missing missing = missing(system.search(), CUDART, Reason.NOT_LOADABLE);
    assertEquals(
        "the CUDA runtime is there (/a/libcudart.so.13), but the system can not open it",
        missing.because());
    assertTrue(missing.cure().contains("ldd /a/libcudart.so.13"), missing::cure);
  }

  @Test
  void onWindowsTheCureForABrokenFileIsNotLdd() {
    FakeSystem system = FakeSystem.windows().property("C:\\a").file("C:\\a\\cudart64_13.dll");
    system.broken.add("C:\\a\\cudart64_13.dll");
    Missing missing = missing(system.search(), CUDART, Reason.NOT_LOADABLE);
    assertTrue(missing.cure().contains("on the PATH"), missing::cure);
  }

  @ParameterizedTest
  @EnumSource
  void refusedNativeAccessIsNotAMissingLibrary(CudaLibrary library) {
    FakeSystem system = FakeSystem.linux();
    system.refusal = Optional.of(() -> new IllegalCallerException("denied"));
    Missing missing = missing(system.search(), library, Reason.NATIVE_ACCESS_DENIED);
    assertTrue(missing.because().contains("Java refuses native access"), missing::because);
    assertEquals("start Java with --enable-native-access=the.module.under.test", missing.cure());
    assertEquals(1, system.log.size(), "one refusal answers for all");
  }

  @Test
  void nativeAccessRefusedForACompanionIsSaidToo() {
    FakeSystem system =
        FakeSystem.linux()
            .property("/a")
            .file("/a/libcudart.so.12", "/a/libnvrtc.so.12", "/a/libnvrtc-builtins.so.12.6");
    LibrarySearch search = system.search();
    found(search, CUDART);
    system.refusal = Optional.of(() -> new IllegalCallerException("denied"));
    missing(search, NVRTC, Reason.NATIVE_ACCESS_DENIED);
  }

  @Test
  void aJavaWithoutALinkerIsSaid() {
    FakeSystem system = FakeSystem.linux();
    system.refusal = Optional.of(UnsupportedOperationException::new);
    Missing missing = missing(system.search(), CUDART, Reason.NO_LINKER);
    assertEquals("this Java can call no native function on Linux amd64", missing.because());
  }

  @Test
  void aSearchIsMadeOnceWhateverCameOfIt() {
    FakeSystem system = FakeSystem.linux().systemPath("libcudart.so.12");
    LibrarySearch search = system.search();
    assertEquals(search.outcome(CUDART), search.outcome(CUDART));
    missing(search, CUBLASLT, Reason.NOT_FOUND);
    system.systemPath("libcublasLt.so.12");
    missing(search, CUBLASLT, Reason.NOT_FOUND);
    assertEquals(List.of("libcudart.so.13", "libcudart.so.12", "libcublasLt.so.12"), system.log);
  }

  @Test
  void anExceptionIsMadeForEachCallerSoThatItsTraceIsTheirs() {
    Missing missing = missing(FakeSystem.linux().search(), DRIVER, Reason.NOT_FOUND);
    assertFalse(missing.exception(DRIVER) == missing.exception(DRIVER));
  }
}
