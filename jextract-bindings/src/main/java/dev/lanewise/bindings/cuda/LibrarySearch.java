package dev.lanewise.bindings.cuda;

import dev.lanewise.bindings.cuda.LibraryPlaces.Place;
import dev.lanewise.bindings.cuda.SearchOutcome.Found;
import dev.lanewise.bindings.cuda.SearchOutcome.Missing;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches for each library once and keeps what came of it.
 *
 * <p>Thread-safe: one lock for all, because the others wait for the runtime's major anyway.
 */
final class LibrarySearch {

  private final SearchEnvironment environment;
  private final LibraryNames names;
  private final Map<CudaLibrary, SearchOutcome> outcomes = new EnumMap<>(CudaLibrary.class);

  LibrarySearch(SearchEnvironment environment) {
    this.environment = environment;
    this.names = new LibraryNames(environment.windows());
  }

  /** {@return what came of the search for a library} Searches at the first call; never throws. */
  synchronized SearchOutcome outcome(CudaLibrary library) {
    SearchOutcome known = outcomes.get(library);
    if (known == null) {
      // No computeIfAbsent: the search for one library asks for the runtime's outcome.
      known = search(library);
      outcomes.put(library, known);
    }
    return known;
  }

  /**
   * Takes an outcome in place of a search.
   *
   * @throws IllegalStateException if the library has an outcome already, for the bindings may have
   *     taken functions from it, and they keep them
   */
  synchronized void decide(CudaLibrary library, SearchOutcome outcome) {
    if (outcomes.putIfAbsent(library, outcome) != null) {
      throw new IllegalStateException(library + " is in use already; decide before its first use");
    }
  }

  private SearchOutcome search(CudaLibrary library) {
    return switch (library) {
      case DRIVER -> search(library, List.of(LibraryNames.NO_MAJOR), Optional.empty());
      case CUDART -> search(library, LibraryNames.MAJORS, Optional.empty());
      case CUBLAS, CUBLASLT, CUDNN, NVRTC ->
          switch (outcome(CudaLibrary.CUDART)) {
            case Found runtime ->
                search(library, List.of(runtime.major()), Optional.of(runtime.source()));
            case Missing runtime -> SearchAttempts.withoutRuntime(library, runtime);
          };
    };
  }

  private SearchOutcome search(
      CudaLibrary library, List<Integer> majors, Optional<String> runtime) {
    List<Place> places = LibraryPlaces.of(environment);
    var attempts = new SearchAttempts(environment, library, majors, runtime, places.size());
    try {
      for (Place place : places) {
        for (int major : majors) {
          Optional<OpenLibrary> opened = open(library, major, place, attempts);
          if (opened.isPresent()) {
            return new Found(opened.get(), place.file(names.file(library, major)), major);
          }
        }
      }
    } catch (IllegalCallerException denied) {
      // Not an IllegalArgumentException, and no sign that the library is missing.
      return attempts.denied();
    } catch (UnsupportedOperationException noLinker) {
      return attempts.noLinker();
    }
    return attempts.missing();
  }

  private Optional<OpenLibrary> open(
      CudaLibrary library, int major, Place place, SearchAttempts attempts) {
    String file = place.file(names.file(library, major));
    if (!place.isSystem() && !environment.folders().hasFile(file)) {
      attempts.noteAbsent(place, file);
      return Optional.empty();
    }
    if (!place.isSystem()) {
      List<String> beside = environment.folders().names(place.prefix());
      for (String companion : names.companions(library, major, beside)) {
        // Kept open for good. One that does not open shows when the library itself is opened.
        environment.opener().open(place.file(companion));
      }
    }
    Optional<OpenLibrary> opened = environment.opener().open(file);
    if (opened.isEmpty()) {
      attempts.noteNotOpened(place, file);
      return Optional.empty();
    }
    if (library == CudaLibrary.CUDNN) {
      int builtFor = opened.get().cudnnCudaMajor();
      if (builtFor != major) {
        // Given back before the search goes on: under the same name the system would hand out this
        // one again.
        opened.get().close();
        attempts.noteRefused(file, builtFor);
        return Optional.empty();
      }
    }
    return opened;
  }
}
