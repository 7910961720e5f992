package dev.lanewise.cuda.simt;

/** A text is not of the subset of CUDA C: what a compiler's log would say. */
public final class SimtSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param line the line, from 1
   * @param reason what is wrong there
   */
  public SimtSyntaxException(int line, String reason) {
    super("line " + line + ": " + reason);
    this.line = line;
  }

  /** {@return the line, from 1} */
  public int line() {
    return line;
  }
}
