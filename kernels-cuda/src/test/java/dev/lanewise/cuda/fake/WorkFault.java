package dev.lanewise.cuda.fake;

/** Work on a stream that failed while it ran, at the call that submitted it or much later. */
final class WorkFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkFault(String what, RuntimeException cause) {
    super(what + ": " + cause.getMessage(), cause);
  }

  /** {@return whether it comes from an address that a device could not have used} */
  boolean isBadAddress() {
    Throwable cause = getCause();
    while (cause != null && !(cause instanceof DeviceFault)) {
      cause = cause.getCause();
    }
    return cause != null;
  }
}
