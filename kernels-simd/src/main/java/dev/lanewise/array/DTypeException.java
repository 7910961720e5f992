package dev.lanewise.array;

/** Element types that do not fit an operation; the text names operation, values, rule and cure. */
public final class DTypeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message {@code operation: rule broken (values)}
   */
  public DTypeException(String message) {
    super(message);
  }
}
