package dev.lanewise.cuda.fake;

/** A handle that is none, is of another kind, or is destroyed. */
final class HandleFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  HandleFault(String message) {
    super(message);
  }
}
