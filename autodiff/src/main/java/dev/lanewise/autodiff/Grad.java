package dev.lanewise.autodiff;

import dev.lanewise.array.Storage;
import java.util.function.ToLongFunction;

/**
 * Switches the recording of operations off or on, or the search for NaN on, for the calling thread,
 * until it is closed. Switches close in the reverse order of their opening.
 *
 * {@snippet :
 * try (var _ = Grad.off()) {
 *   Tensor scores = model.apply(batch);   // remembers nothing
 * }
 * }
 */
public final class Grad implements AutoCloseable {
  private static final ThreadLocal<Mode> MODE = ThreadLocal.withInitial(Mode::new);

  /** What a thread remembers. */
  static final class Mode {
    boolean recording = true;

    /** Whether gradients are searched for NaN. */
    boolean detects;

    /** Whether the results of recorded operations are, too. */
    boolean detectsInResults;

    /** The operation whose gradient is being computed, or {@code null}. */
    Node.Op reader;

    /** The memory of the gradient by its result, which it did not keep. */
    Storage readerUp;

    /** The last change that it must not meet in what it kept. */
    long readerUntil;

    /** What streams of random numbers are taken; {@code null} if nobody will take them again. */
    Draws draws;

    /** Who numbers the streams that generators give; {@code null} if they do. */
    ToLongFunction<Generator> streams;

    private Grad innermost;
  }

  private final Mode mode;
  private final boolean recordedBefore;
  private final boolean detectedBefore;
  private final boolean detectedInResultsBefore;
  private final Grad outer;
  private boolean closed;

  private Grad() {
    mode = MODE.get();
    recordedBefore = mode.recording;
    detectedBefore = mode.detects;
    detectedInResultsBefore = mode.detectsInResults;
    outer = mode.innermost;
    mode.innermost = this;
  }

  /** {@return a stretch in which nothing is recorded} */
  public static Grad off() {
    return recording(false);
  }

  /** {@return a stretch in which operations are recorded, inside of one in which they are not} */
  public static Grad on() {
    return recording(true);
  }

  /**
   * {@return a stretch in which the first NaN of a gradient is an error}
   *
   * @see #detectAnomaly(boolean)
   */
  public static Grad detectAnomaly() {
    return detectAnomaly(false);
  }

  /**
   * {@return a stretch in which the first NaN is a {@link GradientException}, which names the
   * operation, its input, the shape and, as the cause, where that operation was recorded} It is
   * slow, for the search of a fault:
   *
   * {@snippet :
   * try (var _ = Grad.detectAnomaly()) {
   *   Tensor loss = model.apply(batch).mean();
   *   loss.backward();   // the gradient of 'sqrt' by its input 0, of shape [8], has 1 NaN …
   * }
   * }
   *
   * @param results whether the results of recorded operations are searched, too, and not only
   *     gradients
   */
  public static Grad detectAnomaly(boolean results) {
    Grad stretch = new Grad();
    stretch.mode.detects = true;
    stretch.mode.detectsInResults = results;
    return stretch;
  }

  /** {@return whether operations of the calling thread are recorded} */
  public static boolean isOn() {
    return MODE.get().recording;
  }

  /** {@return whether an operation on these tensors is to be recorded} */
  static boolean records(Tensor... xs) {
    for (Tensor x : xs) {
      if (x.node != null) {
        return isOn();
      }
    }
    return false;
  }

  /** {@return what the calling thread remembers} */
  static Mode mode() {
    return MODE.get();
  }

  static Grad recording(boolean on) {
    Grad stretch = new Grad();
    stretch.mode.recording = on;
    return stretch;
  }

  /**
   * Goes back to what was before. Closing twice does nothing.
   *
   * @throws IllegalStateException if a switch opened after this one is still open, or another
   *     thread calls; nothing changes then
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (MODE.get() != mode) {
      throw new IllegalStateException("grad: the switch belongs to another thread; close it there");
    }
    if (mode.innermost != this) {
      throw new IllegalStateException(
          "grad: a switch opened after this one must close first; use try-with-resources");
    }
    closed = true;
    mode.recording = recordedBefore;
    mode.detects = detectedBefore;
    mode.detectsInResults = detectedInResultsBefore;
    mode.innermost = outer;
  }
}
