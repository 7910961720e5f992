package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LibraryPlacesTest {

  private static final String SYSTEM = "";

  private static List<String> prefixes(FakeSystem system) {
    return LibraryPlaces.of(system.environment()).stream()
        .map(LibraryPlaces.Place::prefix)
        .toList();
  }

  @Test
  void onLinuxAllKindsOfPlacesComeInTheirOrder() {
    FakeSystem system =
        FakeSystem.linux()
            .property("/mine:/other/")
            .variable("CUDA_PATH", "/path")
            .variable("CUDA_HOME", "/home")
            .variable("LD_LIBRARY_PATH", "/ld/one:/ld/two")
            .file("/usr/local/cuda/version.json");
    assertEquals(
        List.of(
            "/mine/",
            "/mine/lib64/",
            "/mine/lib/",
            "/mine/targets/x86_64-linux/lib/",
            "/other/",
            "/other/lib64/",
            "/other/lib/",
            "/other/targets/x86_64-linux/lib/",
            "/path/lib64/",
            "/path/lib/",
            "/path/targets/x86_64-linux/lib/",
            "/home/lib64/",
            "/home/lib/",
            "/home/targets/x86_64-linux/lib/",
            "/ld/one/",
            "/ld/two/",
            SYSTEM,
            "/usr/local/cuda/lib64/",
            "/usr/lib/x86_64-linux-gnu/"),
        prefixes(system));
  }

  @Test
  void onWindowsFoldersAreSeparatedAndNamedAsThere() {
    FakeSystem system =
        FakeSystem.windows()
            .property("C:\\mine;D:\\other\\")
            .variable("CUDA_PATH", "C:\\CUDA\\v12.6")
            .variable("LD_LIBRARY_PATH", "means nothing here");
    assertEquals(
        List.of(
            "C:\\mine\\",
            "C:\\mine\\bin\\",
            "C:\\mine\\bin\\x64\\",
            "C:\\mine\\lib\\x64\\",
            "D:\\other\\",
            "D:\\other\\bin\\",
            "D:\\other\\bin\\x64\\",
            "D:\\other\\lib\\x64\\",
            "C:\\CUDA\\v12.6\\bin\\",
            "C:\\CUDA\\v12.6\\bin\\x64\\",
            "C:\\CUDA\\v12.6\\lib\\x64\\",
            SYSTEM),
        prefixes(system));
  }

  @Test
  void onArmTheFoldersAreThoseOfArm() {
    assertEquals(
        List.of(
            "/home/lib64/",
            "/home/lib/",
            "/home/targets/sbsa-linux/lib/",
            "/home/targets/aarch64-linux/lib/",
            SYSTEM,
            "/usr/lib/aarch64-linux-gnu/"),
        prefixes(FakeSystem.linuxOnArm().variable("CUDA_HOME", "/home")));
  }

  @Test
  void withNothingSetTheSystemAndTheConventionsRemain() {
    assertEquals(List.of(SYSTEM, "/usr/lib/x86_64-linux-gnu/"), prefixes(FakeSystem.linux()));
    assertEquals(List.of(SYSTEM), prefixes(FakeSystem.windows()));
  }

  @Test
  void blankEntriesAreNoFoldersAndAPlaceIsSearchedOnce() {
    FakeSystem system =
        FakeSystem.linux()
            .property(" ::/cuda/lib64:")
            .variable("CUDA_PATH", "/cuda")
            .variable("CUDA_HOME", "/cuda/")
            .variable("LD_LIBRARY_PATH", ":/cuda/lib64");
    assertEquals(
        List.of(
            "/cuda/lib64/",
            "/cuda/lib64/lib64/",
            "/cuda/lib64/lib/",
            "/cuda/lib64/targets/x86_64-linux/lib/",
            "/cuda/lib/",
            "/cuda/targets/x86_64-linux/lib/",
            SYSTEM,
            "/usr/lib/x86_64-linux-gnu/"),
        prefixes(system));
  }

  @Test
  void theAdministratorsToolkitComesFirstThenTheNewest() {
    FakeSystem system =
        FakeSystem.linux()
            .file(
                "/usr/local/cuda-12.9/x",
                "/usr/local/cuda-12.10/x",
                "/usr/local/cuda-13.0/x",
                "/usr/local/cuda-12/x",
                "/usr/local/cuda/x",
                "/usr/local/cuda-samples/x",
                "/usr/local/cuda-99999999999/x",
                "/usr/local/lib/x");
    assertEquals(
        List.of(
            SYSTEM,
            "/usr/local/cuda/lib64/",
            "/usr/local/cuda-13.0/lib64/",
            "/usr/local/cuda-12/lib64/", // whatever is the newest 12
            "/usr/local/cuda-12.10/lib64/",
            "/usr/local/cuda-12.9/lib64/",
            "/usr/lib/x86_64-linux-gnu/"),
        prefixes(system));
  }
}
