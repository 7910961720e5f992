package dev.lanewise.kernel;

/** A backend was asked for by name and can not run here, or has no such name. */
public final class BackendUnavailableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception for a backend that exists but can not run.
   *
   * @param name the backend's name
   * @param reason why, and the cure
   */
  public BackendUnavailableException(String name, Availability.Unavailable reason) {
    this("backend '" + name + "' is " + reason);
  }

  /**
   * Makes the exception with a text of the caller's.
   *
   * @param message what was asked for, why it can not be had, and the cure
   */
  public BackendUnavailableException(String message) {
    super(message);
  }
}
