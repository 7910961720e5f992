package dev.lanewise.bindings.cuda;

import dev.lanewise.bindings.cuda.CudaLibraryException.Reason;
import dev.lanewise.bindings.cuda.LibraryPlaces.Place;
import dev.lanewise.bindings.cuda.SearchOutcome.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files tried for one library, the most telling thing seen among them, and its wording. */
final class SearchAttempts {

  private final SearchEnvironment environment;
  private final LibraryNames names;
  private final CudaLibrary library;
  private final List<Integer> majors;
  private final String runtime;
  private final int places;

  private final List<String> tried = new ArrayList<>();
  private Optional<String> notOpened = Optional.empty();
  private Optional<String> otherMajor = Optional.empty();

  /**
   * Begins with nothing tried.
   *
   * @param majors the CUDA majors wanted, the preferred one first
   * @param runtime the runtime's file if it has decided the major, else empty
   * @param places how many places are searched
   */
  SearchAttempts(
      SearchEnvironment environment,
      CudaLibrary library,
      List<Integer> majors,
      Optional<String> runtime,
      int places) {
    this.environment = environment;
    this.names = new LibraryNames(environment.windows());
    this.library = library;
    this.majors = majors;
    this.runtime = runtime.orElse("");
    this.places = places;
  }

  /** {@return the outcome for a library that follows a runtime which is not there} */
  static Missing withoutRuntime(CudaLibrary library, Missing runtime) {
    return new Missing(
        runtime.reason(),
        "%s is not looked for without the CUDA runtime, which decides its version; %s"
            .formatted(library.title(), runtime.because()),
        runtime.cure(),
        runtime.tried());
  }

  /** Notes a folder without the file; one of another CUDA major may be there in its stead. */
  void noteAbsent(Place folder, String file) {
    tried.add(file + ": no such file");
    if (runtime.isEmpty()) {
      return;
    }
    for (String other : names.files(library, LibraryNames.MAJORS)) {
      // Only looked at: opening it would bring a second runtime into the process.
      if (environment.folders().hasFile(folder.file(other))) {
        tried.add(folder.file(other) + ": there, but of another CUDA than the runtime's");
        otherMajor = otherMajor.or(() -> Optional.of(folder.file(other)));
      }
    }
  }

  /** Notes a file that the system did not open. */
  void noteNotOpened(Place place, String file) {
    if (place.isSystem()) {
      tried.add(file + ": not found by the system's own search");
    } else {
      tried.add(file + ": there, but the system can not open it");
      notOpened = notOpened.or(() -> Optional.of(file));
    }
  }

  /** Notes a cuDNN that was built for another CUDA major, or for an unknown one if 0. */
  void noteRefused(String file, int builtFor) {
    String what = builtFor == 0 ? "does not say its CUDA" : "built for CUDA " + builtFor;
    tried.add(file + ": " + what);
    otherMajor = otherMajor.or(() -> Optional.of(file + ", " + what));
  }

  /** {@return the outcome where Java refuses native access} */
  Missing denied() {
    return new Missing(
        Reason.NATIVE_ACCESS_DENIED,
        "Java refuses native access to the code that opens " + library.title(),
        "start Java with --enable-native-access=" + environment.nativeAccess(),
        tried);
  }

  /** {@return the outcome where Java has no native linker} */
  Missing noLinker() {
    return new Missing(
        Reason.NO_LINKER,
        "this Java can call no native function on %s %s"
            .formatted(environment.osName(), environment.osArch()),
        "use a Java whose Foreign Function and Memory API works on this platform",
        tried);
  }

  /** {@return the outcome after all places} */
  Missing missing() {
    String title = library.title();
    if (notOpened.isPresent()) {
      String file = notOpened.get();
      return new Missing(
          Reason.NOT_LOADABLE,
          "%s is there (%s), but the system can not open it".formatted(title, file),
          environment.windows()
              ? "check that it is for this processor and that all it needs is on the PATH"
              : "see with 'ldd " + file + "' what it needs and does not find",
          tried);
    }
    if (otherMajor.isPresent()) {
      return new Missing(
          Reason.OTHER_MAJOR,
          "%s is there only for another CUDA (%s) than the runtime's %d (%s)"
              .formatted(title, otherMajor.get(), majors.getFirst(), runtime),
          installOrName(),
          tried);
    }
    return new Missing(
        Reason.NOT_FOUND,
        "%s (%s) is in none of the %d places searched"
            .formatted(title, String.join(" or ", names.files(library, majors)), places),
        installOrName(),
        tried);
  }

  private String installOrName() {
    String what =
        switch (library) {
          case DRIVER -> "install the NVIDIA driver (in a container, start it with the GPU)";
          case CUDART -> "install CUDA 13 or 12";
          case CUBLAS, CUBLASLT, NVRTC ->
              "install %s of CUDA %d".formatted(library.title(), majors.getFirst());
          case CUDNN -> "install %s for CUDA %d".formatted(library.title(), majors.getFirst());
        };
    List<String> wrong = LibraryPlaces.noFolders(environment);
    return "%s, or name its folder with -D%s=FOLDER%s"
        .formatted(
            what,
            LibraryPlaces.PROPERTY,
            wrong.isEmpty() ? "" : " (no folder: '" + String.join("', '", wrong) + "')");
  }
}
