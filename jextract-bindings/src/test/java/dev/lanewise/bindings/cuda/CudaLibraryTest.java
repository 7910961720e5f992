package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lookup of the running process; nothing here needs CUDA, and nothing minds it. */
class CudaLibraryTest {

  @ParameterizedTest
  @EnumSource
  void presentSourceAndRequireAgree(CudaLibrary library) {
    if (library.present()) {
      library.require();
      assertFalse(library.source().isBlank());
      return;
    }
    CudaLibraryException thrown = assertThrows(CudaLibraryException.class, () -> library.require());
    assertEquals(library, thrown.library());
    assertFalse(thrown.tried().isEmpty());
    assertTrue(thrown.getMessage().startsWith(library.name() + ": "), thrown::getMessage);
    assertThrows(CudaLibraryException.class, library::source);
    assertThrows(CudaLibraryException.class, () -> library.find("any"));
    assertThrows(CudaLibraryException.class, () -> library.findOrThrow("any"));
  }

  @Test
  void eachGeneratedClassHasItsOwnLibrary() {
    assertSame(CudaLibrary.DRIVER, CudaDriver.SYMBOL_LOOKUP);
    assertSame(CudaLibrary.CUDART, Cudart.SYMBOL_LOOKUP);
    assertSame(CudaLibrary.CUBLAS, Cublas.SYMBOL_LOOKUP);
    assertSame(CudaLibrary.CUBLASLT, CublasLt.SYMBOL_LOOKUP);
    assertSame(CudaLibrary.CUDNN, Cudnn.SYMBOL_LOOKUP);
    assertSame(CudaLibrary.NVRTC, Nvrtc.SYMBOL_LOOKUP);
  }

  @Test
  void refusedNativeAccessIsToldWithItsCure() throws Exception {
    String output = ChildJvm.run(Denied.class, "--illegal-native-access=deny");
    for (CudaLibrary library : CudaLibrary.values()) {
      assertTrue(
          output.contains(
              library
                  + " false NATIVE_ACCESS_DENIED"
                  + " start Java with --enable-native-access=ALL-UNNAMED\n"),
          output);
    }
  }

  /** Runs where native access is denied. */
  static final class Denied {
    private Denied() {}

    public static void main(String[] args) {
      for (CudaLibrary library : CudaLibrary.values()) {
        try {
          library.require();
        } catch (CudaLibraryException thrown) {
          System.out.print(
              "%s %s %s %s\n"
                  .formatted(library, library.present(), thrown.reason(), thrown.cure()));
        }
      }
    }
  }

  @Test
  void aFileInTheNamedFolderIsOpenedAndItsLacksAreTold(@TempDir Path folder) throws Exception {
    Path runtime = putRuntime(folder);
    String output =
        ChildJvm.run(
            Named.class, "--enable-native-access=ALL-UNNAMED", "-Dlanewise.cuda.path=" + folder);
    assertTrue(output.contains("source " + runtime + "\n"), output);
    assertTrue(output.contains("find true false\n"), output);
    assertTrue(output.contains("FUNCTION_MISSING " + runtime + " has no function cudaMalloc\n"));
    assertTrue(output.contains("element " + runtime + " has no function cudaMalloc\n"), output);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CUDA_PATH", "CUDA_HOME"})
  void aToolkitThatAVariableNamesIsFound(String variable, @TempDir Path root) throws Exception {
    boolean windows = SearchEnvironment.ofThisProcess().windows();
    Path runtime = putRuntime(Files.createDirectory(root.resolve(windows ? "bin" : "lib64")));
    // Both are set, since one may be set here; where the other points to there is nothing.
    Map<String, String> variables = new HashMap<>();
    variables.put("CUDA_PATH", root.resolve("empty").toString());
    variables.put("CUDA_HOME", root.resolve("empty").toString());
    variables.put(variable, root.toString());
    String output = ChildJvm.run(variables, Named.class, "--enable-native-access=ALL-UNNAMED");
    assertTrue(output.contains("source " + runtime + "\n"), output);
  }

  private static Path putRuntime(Path folder) throws IOException {
    String name =
        SearchEnvironment.ofThisProcess().windows() ? "cudart64_13.dll" : "libcudart.so.13";
    return Files.copy(JdkLibrary.path(), folder.resolve(name));
  }

  /** Runs where a library of the JDK stands in the runtime's place. */
  static final class Named {
    private Named() {}

    public static void main(String[] args) {
      CudaLibrary runtime = CudaLibrary.CUDART;
      runtime.require(JdkLibrary.FUNCTION);
      System.out.print("source " + runtime.source() + "\n");
      Optional<?> there = runtime.find(JdkLibrary.FUNCTION);
      System.out.print(
          "find " + there.isPresent() + " " + runtime.find("cudaMalloc").isPresent() + "\n");
      try {
        runtime.require(JdkLibrary.FUNCTION, "cudaMalloc");
      } catch (CudaLibraryException thrown) {
        System.out.print(thrown.reason() + " " + thrown.because() + "\n");
      }
      try {
        runtime.findOrThrow("cudaMalloc");
      } catch (NoSuchElementException thrown) {
        System.out.print("element " + thrown.getMessage() + "\n");
      }
    }
  }
}
