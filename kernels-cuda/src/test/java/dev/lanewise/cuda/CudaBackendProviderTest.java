package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Availability.Unavailable;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider as it is, on whatever machine the tests run. */
class CudaBackendProviderTest {

  private static BackendProvider provider() {
    List<BackendProvider> named =
        ServiceLoader.load(BackendProvider.class).stream()
            .filter(provider -> provider.type() == CudaBackendProvider.class)
            .map(ServiceLoader.Provider::get)
            .toList();
    assertEquals(1, named.size(), "found once on the class path");
    return named.getFirst();
  }

  @Test
  void itIsFoundAndStandsBelowTheSimdBackend() {
    assertEquals("cuda", provider().name());
    int simd =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("simd"))
            .mapToInt(BackendProvider::priority)
            .findAny()
            .orElseThrow();
    assertTrue(provider().priority() < simd, "a device is used by those who ask for it");
  }

  @Test
  void itIsUnavailableHereWithAReasonAndACure() {
    Unavailable answer = assertInstanceOf(Unavailable.class, provider().availability());
    for (String text : List.of(answer.because(), answer.cure())) {
      assertFalse(text.isBlank());
      assertFalse(text.contains("\n"), text);
    }
    assertFalse(answer.because().contains("native access"), "it is enabled for the tests");
  }

  @Test
  void theAnswerIsKept() {
    assertSame(provider().availability(), provider().availability());
  }

  @Test
  void creatingRefusesWithTheSameReason() {
    BackendProvider provider = provider();
    BackendUnavailableException thrown =
        assertThrows(BackendUnavailableException.class, provider::create);
    assertEquals("backend 'cuda' is " + provider.availability(), thrown.getMessage());
  }

  /** Prints what the provider answers; with "name", only what it answers without asking CUDA. */
  static final class Ask {
    private Ask() {}

    public static void main(String[] args) {
      BackendProvider provider = new CudaBackendProvider();
      System.out.print("name " + provider.name() + " " + provider.priority() + "\n");
      if (Boolean.getBoolean("name.only")) {
        return;
      }
      Availability answer = provider.availability();
      System.out.print(answer + "\n");
      try {
        provider.create();
      } catch (BackendUnavailableException refused) {
        System.out.print(refused.getMessage() + "\n");
      }
    }
  }

  @Test
  void deniedNativeAccessIsToldWithItsCure() throws Exception {
    String output = ChildJvm.run(Ask.class, "--illegal-native-access=deny");
    String answer =
        "unavailable, because Java refuses native access to the code that opens the CUDA runtime;"
            + " cure: start Java with --enable-native-access=ALL-UNNAMED\n";
    assertEquals("name cuda 10\n" + answer + "backend 'cuda' is " + answer, output);
  }

  @Test
  void itsNameAndPriorityTouchNeitherTheProbeNorTheBindings() throws Exception {
    String loaded = ChildJvm.run(Ask.class, "-Xlog:class+load", "-Dname.only=true");
    assertTrue(loaded.contains("name cuda 10\n"), loaded);
    assertTrue(loaded.contains("dev.lanewise.cuda.CudaBackendProvider "), loaded);
    assertFalse(loaded.contains("CudaProbe "), "loads the probe");
    assertFalse(loaded.contains("dev.lanewise.bindings"), "loads the bindings");
  }

  @Test
  void aFileThatIsNoRuntimeIsToldAndNotCalled(@TempDir Path folder) throws Exception {
    // A library of the JDK under the name of the runtime.
    Path home = Path.of(System.getProperty("java.home"));
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    Path library = home.resolve(windows ? "bin" : "lib").resolve(System.mapLibraryName("verify"));
    Path runtime = folder.resolve(windows ? "cudart64_13.dll" : "libcudart.so.13");
    Files.copy(library, runtime);
    String output =
        ChildJvm.run(
            Ask.class, "--enable-native-access=ALL-UNNAMED", "-Dlanewise.cuda.path=" + folder);
    assertTrue(
        output.contains(
            "unavailable, because " + runtime + " has no function cudaGetDeviceCount; cure: "),
        output);
  }
}
