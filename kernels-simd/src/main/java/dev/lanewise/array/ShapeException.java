package dev.lanewise.array;

/** Shapes, axes or indices that do not fit an operation; the text names operation, values, rule. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message {@code operation: rule broken (values)}
   */
  public ShapeException(String message) {
    super(message);
  }
}
