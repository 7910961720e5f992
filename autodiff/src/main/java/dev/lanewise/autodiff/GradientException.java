package dev.lanewise.autodiff;

/** Gradients were asked for that can not be had; the text says why, and what to do. */
public final class GradientException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message {@code operation: rule broken (values); cure}
   */
  public GradientException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message {@code operation: rule broken (values); cure}
   * @param cause where what it is about happened, or {@code null} if that was not noted
   */
  GradientException(String message, Throwable cause) {
    super(message, cause);
  }
}
