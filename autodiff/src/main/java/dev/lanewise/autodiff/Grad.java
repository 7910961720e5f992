package dev.lanewise.autodiff;

/**
 * Switches the recording of operations off or on, for the calling thread, until it is closed.
 * Switches close in the reverse order of their opening.
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
  private static final class Mode {
    private boolean recording = true;
    private Grad innermost;
  }

  private final Mode mode;
  private final boolean before;
  private final Grad outer;
  private boolean closed;

  private Grad(boolean recording) {
    mode = MODE.get();
    before = mode.recording;
    outer = mode.innermost;
    mode.recording = recording;
    mode.innermost = this;
  }

  /** {@return a stretch in which nothing is recorded} */
  public static Grad off() {
    return new Grad(false);
  }

  /** {@return a stretch in which operations are recorded, inside of one in which they are not} */
  public static Grad on() {
    return new Grad(true);
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

  static Grad recording(boolean on) {
    return new Grad(on);
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
    mode.recording = before;
    mode.innermost = outer;
  }
}
