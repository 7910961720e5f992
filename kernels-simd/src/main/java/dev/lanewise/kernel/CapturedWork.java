package dev.lanewise.kernel;

/** Work of a backend that can be repeated. {@link Backend#capture} makes it. */
public interface CapturedWork extends AutoCloseable {

  /**
   * Repeats the work with the same arrays.
   *
   * @throws IllegalStateException if this was closed, or an array that the work uses was freed or
   *     moved out of its scope
   */
  void run();

  /** Frees what was recorded and the arrays that the work has made. Closing twice does nothing. */
  @Override
  void close();

  /**
   * {@return work that is repeated by being called}
   *
   * @param work what to do
   */
  static CapturedWork calling(Runnable work) {
    return new CapturedWork() {
      private boolean closed;

      @Override
      public void run() {
        if (closed) {
          throw new IllegalStateException("run: the captured work was closed");
        }
        work.run();
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }
}
