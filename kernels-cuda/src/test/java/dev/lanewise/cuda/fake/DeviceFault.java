package dev.lanewise.cuda.fake;

/** An address that a device could not have used; the message says what is wrong with it. */
public final class DeviceFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeviceFault(String message) {
    super(message);
  }
}
