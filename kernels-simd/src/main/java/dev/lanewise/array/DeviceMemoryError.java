package dev.lanewise.array;

/**
 * A device has no more memory for an array or a kernel, even after all that waited in the pool was
 * given back.
 */
public final class DeviceMemoryError extends OutOfMemoryError {
  private static final long serialVersionUID = 1L;

  private final long requestedBytes;
  private final long usedBytes;
  private final long freeBytes;

  /**
   * Makes the error.
   *
   * @param device the device, as people know it
   * @param requestedBytes the request
   * @param usedBytes what this program's arrays hold of the device's memory
   * @param freeBytes what the device has left
   */
  public DeviceMemoryError(String device, long requestedBytes, long usedBytes, long freeBytes) {
    super(
        device
            + ": "
            + requestedBytes
            + " bytes were asked for while "
            + usedBytes
            + " are in use and "
            + freeBytes
            + " are free; use smaller batches, close scopes earlier, or end other programs on the"
            + " device");
    this.requestedBytes = requestedBytes;
    this.usedBytes = usedBytes;
    this.freeBytes = freeBytes;
  }

  /** {@return how many bytes were asked for} */
  public long requestedBytes() {
    return requestedBytes;
  }

  /** {@return how many bytes of the device's memory this program's arrays hold} */
  public long usedBytes() {
    return usedBytes;
  }

  /** {@return how many bytes the device has left for anybody} */
  public long freeBytes() {
    return freeBytes;
  }
}
