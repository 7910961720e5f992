package dev.lanewise.autodiff;

import dev.lanewise.array.Storage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A change of numbers in place. All changes are numbered, in one order: a tensor and a recorded
 * operation remember which was the latest when they were made, so that one comparison tells whether
 * a memory has changed since. Nothing is counted for each tensor that an operation keeps: whatever
 * a gradient reads, it reads by {@link Tensor#data()}, which asks here.
 */
final class Change implements Storage.Write {
  private static final AtomicLong LATEST = new AtomicLong();

  private final long number = LATEST.incrementAndGet();
  private final String operation;

  /** Where it happened; {@code null} unless anomalies were looked for. */
  private final Throwable place;

  /**
   * The latest change of this memory, this one or one before, that was recorded: since then,
   * gradients flow to the numbers on another way. {@code null} if there was none.
   */
  private final Change recorded;

  private Change(String operation, boolean isRecorded, Storage.Write before) {
    this.operation = operation;
    place = Grad.mode().detects ? Anomaly.place(operation, "wrote") : null;
    recorded = isRecorded ? this : before instanceof Change last ? last.recorded : null;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public String operation() {
    return operation;
  }

  /** {@return the number of the latest change of any memory} */
  static long now() {
    return LATEST.get();
  }

  /** {@return a number that is larger than those remembered before, and not than later ones} */
  static long mark() {
    return LATEST.incrementAndGet();
  }

  /** Tells of a change of a tensor's numbers, and of all views of them. */
  static void tell(Tensor x, String operation, boolean isRecorded) {
    x.storage().lastWrite(new Change(operation, isRecorded, x.storage().lastWrite()));
  }

  /** {@return whether a tensor's numbers have changed since a change of any memory} */
  static boolean since(long number, Tensor x) {
    return x.storage().lastWrite() instanceof Change last && last.number > number;
  }

  /**
   * Refuses to read numbers that have changed since a gradient's operation kept them, or whose
   * place in the graph is no longer known.
   */
  static void requireKnown(Tensor x) {
    if (!(x.storage().lastWrite() instanceof Change last)) {
      return;
    }
    Grad.Mode mode = Grad.mode();
    Node.Op reader = mode.reader;
    if (reader != null
        && x.born <= reader.stamp // what the gradient makes itself, it may write into
        && last.number > reader.stamp
        && last.number <= mode.readerUntil
        && x.storage() != mode.readerUp) {
      throw needsOld(x, reader, last);
    }
    long known = x.node instanceof Node.Op op ? op.stamp : x.born;
    if (last.recorded != null && last.recorded.number > known && mode.recording) {
      throw new GradientException(
          "tensor "
              + x.dtype()
              + " "
              + x.shape()
              + ": '"
              + last.recorded.operation
              + "' changed its numbers through another view of them and was recorded, so that it is"
              + " not known here how gradients flow; go on with the tensor that was written to, or"
              + " detach() this one");
    }
  }

  private static GradientException needsOld(Tensor x, Node.Op reader, Change last) {
    GradientException wrong =
        new GradientException(
            "gradient of '"
                + reader.name
                + "': needs the "
                + x.dtype()
                + " tensor of shape "
                + x.shape()
                + " that '"
                + reader.name
                + "' kept, but '"
                + last.operation
                + "' changed its numbers afterwards; write into a copy(), or use the operation"
                + " that makes a new tensor (inside of Grad.detectAnomaly(), this error tells the"
                + " places of both)",
            reader.place);
    if (last.place != null) {
      wrong.addSuppressed(last.place);
    }
    return wrong;
  }
}
