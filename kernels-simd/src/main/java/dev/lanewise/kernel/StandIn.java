package dev.lanewise.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stretch of a thread's work in which another backend takes the place of one: everything that
 * finds its backend by {@link Backends} then calls the other. It is how calls are recorded.
 *
 * {@snippet :
 * try (StandIn _ = StandIn.open(backend, recorder)) {
 *   Backends.of(array).matmul(a, b, 1, 0, out);   // the recorder is called
 * }
 * }
 *
 * <p>Arrays stay those of the backend that is replaced.
 */
public final class StandIn implements AutoCloseable {
  /** How many are open, of all threads: as long as there are none, nobody is looked for. */
  private static final AtomicInteger OPEN = new AtomicInteger();

  private static final ThreadLocal<StandIn> INNERMOST = new ThreadLocal<>();

  private final Backend replaced;
  private final Backend other;
  private final StandIn outer;
  private boolean closed;

  private StandIn(Backend replaced, Backend other) {
    this.replaced = replaced;
    this.other = other;
    this.outer = INNERMOST.get();
  }

  /**
   * Begins such a stretch.
   *
   * @param replaced whose place is taken
   * @param other who takes it
   * @return what ends the stretch
   */
  public static StandIn open(Backend replaced, Backend other) {
    StandIn standIn = new StandIn(replaced, other);
    INNERMOST.set(standIn);
    OPEN.incrementAndGet();
    return standIn;
  }

  /** {@return who takes the place of a backend on the calling thread, mostly itself} */
  static Backend in(Backend backend) {
    if (OPEN.get() > 0) {
      for (StandIn s = INNERMOST.get(); s != null; s = s.outer) {
        if (s.replaced == backend) {
          return s.other;
        }
      }
    }
    return backend;
  }

  /**
   * Ends the stretch.
   *
   * @throws IllegalStateException on another thread, or while a later one is open
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (INNERMOST.get() != this) {
      throw new IllegalStateException(
          "stand-in: close it on its own thread, after those that were opened later");
    }
    closed = true;
    INNERMOST.set(outer);
    OPEN.decrementAndGet();
  }
}
