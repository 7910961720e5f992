package dev.lanewise.cuda;

/** A function of the CUDA runtime or the driver returned a status other than success. */
final class CudaCallException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Makes the exception.
   *
   * @param call the function
   * @param status the number that it returned
   * @param name the status's name, for example {@code "cudaErrorInitializationError"}
   * @param text what the library says of the status
   */
  CudaCallException(String call, int status, String name, String text) {
    super("%s returned %d (%s: %s)".formatted(call, status, name, text));
    this.status = status;
  }

  /** {@return the number that the function returned} */
  int status() {
    return status;
  }
}
