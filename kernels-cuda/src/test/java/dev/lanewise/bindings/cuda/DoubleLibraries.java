package dev.lanewise.bindings.cuda;

import java.lang.foreign.SymbolLookup;

/** Reaches the package-private place where a test puts a library of its own. */
public final class DoubleLibraries {

  /** What {@link CudaLibrary#source()} says of a library that a test has put in place. */
  public static final String SOURCE = "driver double";

  private static final int CUDA_MAJOR = 12;

  private DoubleLibraries() {}

  /**
   * Puts functions in the place of a library.
   *
   * @throws IllegalStateException if the library is in use already
   */
  public static void put(CudaLibrary library, SymbolLookup functions) {
    library.decide(new SearchOutcome.Found(new Opened(functions), SOURCE, CUDA_MAJOR));
  }

  private record Opened(SymbolLookup symbols) implements OpenLibrary {
    @Override
    public int cudnnCudaMajor() {
      return CUDA_MAJOR;
    }

    @Override
    public void close() {
      throw new AssertionError("the search closes only what it has opened itself");
    }
  }
}
