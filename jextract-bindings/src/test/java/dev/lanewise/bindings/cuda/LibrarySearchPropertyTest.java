package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.SearchOutcome.Found;
import dev.lanewise.bindings.cuda.SearchOutcome.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every system, whichever of the libraries' files it has. */
class LibrarySearchPropertyTest {

  private static final List<String> FOLDERS = List.of("/a/", "/b/", "/c/");

  @Provide
  Arbitrary<Set<String>> files() {
    List<String> all = new ArrayList<>();
    var names = new LibraryNames(false);
    for (String folder : FOLDERS) {
      for (CudaLibrary library : CudaLibrary.values()) {
        for (String name : names.files(library, LibraryNames.MAJORS)) {
          all.add(folder + name);
        }
      }
    }
    return Arbitraries.of(all).set();
  }

  @Property
  void theFirstPlaceWithARuntimeDecidesAndNoTwoMajorsAreOpened(@ForAll("files") Set<String> files) {
    FakeSystem system = FakeSystem.linux().property("/a:/b:/c");
    system.files.addAll(files);
    LibrarySearch search = system.search();
    List<String> runtimes = new ArrayList<>();
    for (String folder : FOLDERS) {
      runtimes.add(folder + "libcudart.so.13");
      runtimes.add(folder + "libcudart.so.12");
    }
    runtimes.retainAll(files);
    String opened = search.outcome(CudaLibrary.CUDART) instanceof Found f ? f.source() : "none";
    assertEquals(runtimes.isEmpty() ? "none" : runtimes.getFirst(), opened);

    for (CudaLibrary library : CudaLibrary.values()) {
      switch (search.outcome(library)) {
        case Found found -> assertTrue(files.contains(found.source()));
        case Missing missing -> assertFalse(missing.tried().isEmpty());
      }
    }
    List<String> ofTwelve = system.log.stream().filter(file -> file.endsWith(".so.12")).toList();
    List<String> ofThirteen = system.log.stream().filter(file -> file.endsWith(".so.13")).toList();
    boolean twelve = ofTwelve.stream().anyMatch(files::contains);
    boolean thirteen = ofThirteen.stream().anyMatch(files::contains);
    assertFalse(twelve && thirteen, system.log::toString);
  }

  @Property
  void noTextInTheEnvironmentMakesTheSearchThrow(
      @ForAll String property, @ForAll String root, @ForAll String loaderPath) {
    FakeSystem system =
        FakeSystem.linux()
            .property(property)
            .variable("CUDA_HOME", root)
            .variable("LD_LIBRARY_PATH", loaderPath);
    // The real file system, and an opener that opens nothing.
    SearchEnvironment fake = system.environment();
    var search =
        new LibrarySearch(
            new SearchEnvironment(
                fake.osName(),
                fake.osArch(),
                fake.property(),
                fake.variable(),
                SearchEnvironment.ofThisProcess().folders(),
                fake.opener(),
                fake.nativeAccess()));
    for (CudaLibrary library : CudaLibrary.values()) {
      assertTrue(search.outcome(library) instanceof Missing);
    }
  }
}
