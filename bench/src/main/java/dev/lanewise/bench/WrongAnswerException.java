package dev.lanewise.bench;

/** A computation that was about to be timed gave a wrong result. */
public final class WrongAnswerException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message who computed, which element is wrong, and the bound it broke
   */
  public WrongAnswerException(String message) {
    super(message);
  }
}
