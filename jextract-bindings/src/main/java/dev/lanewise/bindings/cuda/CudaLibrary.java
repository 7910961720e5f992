package dev.lanewise.bindings.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The NVIDIA libraries, each a lookup of its functions that opens nothing until it is asked.
 *
 * <p>A library is searched for once in the life of the JVM, at the first call of {@link #present},
 * {@link #source}, {@link #require} or {@link #find}; what was found, or not, is kept. The places,
 * in order: the folders in the system property {@code lanewise.cuda.path} (separated as a class
 * path is; a toolkit's root will do), the toolkits that the environment variables {@code CUDA_PATH}
 * and {@code CUDA_HOME} name, the system's own search (on Linux {@code LD_LIBRARY_PATH}, then the
 * loader's cache), and on Linux the conventional folders {@code /usr/local/cuda*} and {@code
 * /usr/lib/x86_64-linux-gnu} or {@code /usr/lib/aarch64-linux-gnu}.
 *
 * <p>{@link #CUDART} decides the CUDA major, 13 before 12 in each place, and the others follow: two
 * majors in one process are two runtimes that know nothing of each other's streams and pointers.
 *
 * <p>Call {@link #require} for each library that a program uses before the first of its functions.
 * Without it a missing library shows as an {@link ExceptionInInitializerError} from the function
 * and as a {@link NoClassDefFoundError} from each later call of it, because the generated bindings
 * keep each function's handle in a class of its own.
 *
 * {@snippet :
 * CudaLibrary.CUDART.require("cudaGetDeviceCount"); // or it tells what is missing, and the cure
 * try (Arena arena = Arena.ofConfined()) {
 *   MemorySegment count = arena.allocate(Cudart.C_INT);
 *   if (Cudart.cudaGetDeviceCount(count) == Cudart.cudaSuccess()) {
 *     System.out.println(count.get(Cudart.C_INT, 0) + " devices, by " + CudaLibrary.CUDART.source());
 *   }
 * }
 * }
 */
public enum CudaLibrary implements SymbolLookup {
  /** The driver: devices, contexts, modules, kernel launches. It has no CUDA major in its name. */
  DRIVER("the NVIDIA driver's library"),
  /** The CUDA runtime, which decides the CUDA major of all others. */
  CUDART("the CUDA runtime"),
  /** Dense linear algebra. */
  CUBLAS("cuBLAS"),
  /** Matrix products with epilogues; cuBLAS needs it too. */
  CUBLASLT("cuBLASLt"),
  /**
   * Deep-learning primitives, version 9. One file name serves all CUDA majors, so the library is
   * asked which one it was built for, and refused if that is another than the runtime's.
   */
  CUDNN("cuDNN 9"),
  /** The run-time compiler of CUDA C. */
  NVRTC("NVRTC");

  /** Made on first use, so that loading this class reads and opens nothing. */
  private static final class OfThisProcess {
    static final LibrarySearch SEARCH = new LibrarySearch(SearchEnvironment.ofThisProcess());
  }

  private final String title;

  CudaLibrary(String title) {
    this.title = title;
  }

  /**
   * {@return what people call the library, for messages, for example {@code "the CUDA runtime"}}
   */
  public String title() {
    return title;
  }

  /**
   * {@return whether the library can be used here} Opens it if it can; never throws: {@link
   * #require} tells the reason of a {@code false}.
   */
  public boolean present() {
    return OfThisProcess.SEARCH.outcome(this) instanceof SearchOutcome.Found;
  }

  /**
   * {@return the file that was opened} A full path where the library was found in a folder; the
   * bare file name where the system's own search found it, which does not say where.
   *
   * @throws CudaLibraryException if the library can not be used
   */
  public String source() {
    return found().source();
  }

  /**
   * Opens the library if it is not open yet, and checks that it has some functions.
   *
   * @param functions names of functions that the caller is about to use; may be none
   * @throws CudaLibraryException if the library can not be used: the message names every file
   *     tried, and {@link CudaLibraryException#cure()} what to do; or if it lacks one of the
   *     functions
   */
  public void require(String... functions) {
    SearchOutcome.Found found = found();
    for (String function : functions) {
      if (found.library().symbols().find(function).isEmpty()) {
        throw found.lacks(this, function);
      }
    }
  }

  /**
   * {@return the address of a function, or empty if the library has none of this name}
   *
   * @throws CudaLibraryException if the library can not be used
   */
  @Override
  public Optional<MemorySegment> find(String function) {
    return found().library().symbols().find(function);
  }

  /**
   * {@return the address of a function}
   *
   * @throws CudaLibraryException if the library can not be used
   * @throws NoSuchElementException if the library has no such function; the message names both
   */
  @Override
  public MemorySegment findOrThrow(String function) {
    SearchOutcome.Found found = found();
    return found
        .library()
        .symbols()
        .find(function)
        .orElseThrow(
            () -> new NoSuchElementException(found.source() + " has no function " + function));
  }

  /**
   * Decides what the search for this library finds. For tests that put libraries of their own in
   * place, before the first use of the library and in a JVM of their own.
   *
   * @throws IllegalStateException if it has been searched for already
   */
  void decide(SearchOutcome outcome) {
    OfThisProcess.SEARCH.decide(this, outcome);
  }

  private SearchOutcome.Found found() {
    return switch (OfThisProcess.SEARCH.outcome(this)) {
      case SearchOutcome.Found found -> found;
      case SearchOutcome.Missing missing -> throw missing.exception(this);
    };
  }
}
