package dev.lanewise.cuda.simt;

/** A thread of a kernel did what a kernel must not do; the launch has stopped there. */
public final class SimtFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String kernel;
  private final int line;
  private final String reason;

  SimtFault(String kernel, int line, String where, String reason, Throwable cause) {
    super(kernel + ": line " + line + ", " + where + ": " + reason, cause);
    this.kernel = kernel;
    this.line = line;
    this.reason = reason;
  }

  /** {@return the kernel's name} */
  public String kernel() {
    return kernel;
  }

  /** {@return the line of the program's text, from 1} */
  public int line() {
    return line;
  }

  /** {@return what the thread did, without the place} */
  public String reason() {
    return reason;
  }
}
