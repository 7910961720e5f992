package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Grad;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work on a virtual thread of its own, which has no scope open: what it makes lives until the
 * garbage collector frees it.
 */
final class Background {
  private Background() {}

  /** {@return work that can be started, in which no operation is recorded} */
  static <T> FutureTask<T> task(Supplier<T> work) {
    return new FutureTask<>(
        () -> {
          try (var _ = Grad.off()) {
            return work.get();
          }
        });
  }

  /** Starts work. */
  static void start(FutureTask<?> task) {
    Thread.ofVirtual().name("lanewise-data").inheritInheritableThreadLocals(false).start(task);
  }

  /**
   * {@return what the work gives; what it throws is thrown here}
   *
   * @throws InterruptedException if the calling thread is interrupted before the work is done
   */
  static <T> T await(FutureTask<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        // A supplier declares no exception, but other languages throw what they like.
        case Throwable cause -> throw new IllegalStateException(cause);
      }
    }
  }

  /** {@return what the work gives} An interruption of the calling thread waits until then. */
  static <T> T join(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return await(task);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
