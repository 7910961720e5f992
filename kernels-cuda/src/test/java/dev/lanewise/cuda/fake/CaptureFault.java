package dev.lanewise.cuda.fake;

/** A call that a capture of a stream does not allow. The status is that of runtime and driver. */
final class CaptureFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final int status;

  CaptureFault(int status, String message) {
    super(message);
    this.status = status;
  }
}
