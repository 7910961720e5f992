package dev.lanewise.nn.data;

/** A batch could not be made: a function of the data set, a sampler or a transform has failed. */
public final class BatchException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private final long epoch;
  private final long batch;

  /**
   * Tells which batch it was.
   *
   * @param epoch the epoch, from 0
   * @param batch the batch's number in the epoch, from 0
   * @param cause what was thrown
   */
  public BatchException(long epoch, long batch, Throwable cause) {
    super("batch %d of epoch %d: %s".formatted(batch, epoch, cause), cause);
    this.epoch = epoch;
    this.batch = batch;
  }

  /** {@return the epoch, from 0} */
  public long epoch() {
    return epoch;
  }

  /** {@return the batch's number in the epoch, from 0} */
  public long batch() {
    return batch;
  }
}
