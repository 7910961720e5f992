package dev.lanewise.bindings.cuda;

import java.util.List;
import java.util.Objects;

/**
 * A library of {@link CudaLibrary} can not be used here. The message names the library, the reason,
 * the cure and, one a line, every file that was tried.
 */
public final class CudaLibraryException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Why a library can not be used. */
  public enum Reason {
    /** Java refuses native access; this says nothing about whether the library is there. */
    NATIVE_ACCESS_DENIED,
    /** This Java can call no native function on this platform. */
    NO_LINKER,
    /** The library is in none of the places searched. */
    NOT_FOUND,
    /** A file of the right name is there, and the system can not open it. */
    NOT_LOADABLE,
    /** The library is there, but only for a CUDA major other than the runtime's. */
    OTHER_MAJOR,
    /** The library was opened and lacks a function. */
    FUNCTION_MISSING
  }

  private final CudaLibrary library;
  private final Reason reason;
  private final String because;
  private final String cure;
  // An array, because an exception's fields are serializable and List is not.
  private final String[] tried;

  /**
   * Makes the exception.
   *
   * @param library the library
   * @param reason the kind of the obstacle
   * @param because the obstacle as half a sentence on one line
   * @param cure what the user can do about it, as an imperative on one line
   * @param tried each file that was tried and what came of it
   */
  public CudaLibraryException(
      CudaLibrary library, Reason reason, String because, String cure, List<String> tried) {
    super(message(library, because, cure, tried));
    this.library = library;
    this.reason = Objects.requireNonNull(reason, "reason");
    this.because = because;
    this.cure = cure;
    this.tried = tried.toArray(String[]::new);
  }

  private static String message(
      CudaLibrary library, String because, String cure, List<String> tried) {
    var text = new StringBuilder(library.name()).append(": ").append(because);
    text.append("; cure: ").append(cure);
    for (String file : tried) {
      text.append("\n  tried ").append(file);
    }
    return text.toString();
  }

  /** {@return the library that can not be used} */
  public CudaLibrary library() {
    return library;
  }

  /** {@return the kind of the obstacle} */
  public Reason reason() {
    return reason;
  }

  /** {@return the obstacle as half a sentence on one line, without the files tried} */
  public String because() {
    return because;
  }

  /** {@return what the user can do about it, as an imperative on one line} */
  public String cure() {
    return cure;
  }

  /** {@return each file that was tried and what came of it, in the order of the search} */
  public List<String> tried() {
    return List.of(tried);
  }
}
