package dev.lanewise.bindings.cuda;

import java.util.List;

/** What came of the search for one library. */
sealed interface SearchOutcome {

  /**
   * The library is open.
   *
   * @param library the open library
   * @param source the file that was opened
   * @param major the CUDA major in the file's name, or {@link LibraryNames#NO_MAJOR}
   */
  record Found(OpenLibrary library, String source, int major) implements SearchOutcome {

    /** {@return the exception for a function that is not in the open file} */
    CudaLibraryException lacks(CudaLibrary wanted, String function) {
      return new CudaLibraryException(
          wanted,
          CudaLibraryException.Reason.FUNCTION_MISSING,
          source + " has no function " + function,
          "replace it by " + wanted.title() + " of a CUDA that Lanewise knows (12 or 13)",
          List.of(source + ": opened"));
    }
  }

  /**
   * The library can not be used.
   *
   * @param reason the kind of the obstacle
   * @param because the obstacle as half a sentence
   * @param cure what the user can do about it
   * @param tried each file that was tried and what came of it
   */
  record Missing(
      CudaLibraryException.Reason reason, String because, String cure, List<String> tried)
      implements SearchOutcome {

    /** Keeps its own copy of the files tried. */
    public Missing {
      tried = List.copyOf(tried);
    }

    /** {@return a new exception, so that its stack trace is the present caller's} */
    CudaLibraryException exception(CudaLibrary wanted) {
      return new CudaLibraryException(wanted, reason, because, cure, tried);
    }
  }
}
