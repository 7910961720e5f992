package dev.lanewise.array;

/**
 * A device's driver or one of its libraries has refused a call, or failed at it. The message names
 * the operation with the shapes of its arrays, the function, the status and what the library says
 * of it. Devices work ahead of the program: what one call reports may have happened in an earlier.
 */
public final class DeviceException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String function;
  private final int status;
  private final String statusName;

  /**
   * Makes the exception.
   *
   * @param operation what was being done and with what, for example {@code "matmul of f32 [2, 3]"};
   *     may be empty
   * @param function the library's function
   * @param status the number that it returned
   * @param statusName the status's name, for example {@code "cudaErrorInitializationError"}
   * @param text what the library says of it
   */
  public DeviceException(
      String operation, String function, int status, String statusName, String text) {
    super(
        "%s%s returned %d (%s: %s)"
            .formatted(
                operation.isEmpty() ? "" : operation + ": ", function, status, statusName, text));
    this.function = function;
    this.status = status;
    this.statusName = statusName;
  }

  /** {@return the library's function that failed} */
  public String function() {
    return function;
  }

  /** {@return the number that the function returned} */
  public int status() {
    return status;
  }

  /** {@return the name of the status, as the library spells it} */
  public String statusName() {
    return statusName;
  }
}
