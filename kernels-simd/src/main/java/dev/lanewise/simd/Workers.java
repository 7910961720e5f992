package dev.lanewise.simd;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Persistent threads that share the numbered tasks of one call with the calling thread. Tasks are
 * taken from a counter, so who runs which is not fixed: a task's result must not depend on it.
 *
 * <p>A waiting worker spins for some microseconds and then parks: two tasks of 5 µs then take 6 to
 * 7 µs where an executor takes 17, and an idle process uses no processor. While one call is under
 * way, a call from another thread, or from inside a task, runs its tasks by itself.
 */
final class Workers {
  /** The system property that gives the number of threads, the calling one included. */
  static final String PROPERTY = "lanewise.threads";

  // About 20 µs: longer than the gap between two kernels of a training step.
  private static final int SPINS = 2_000;

  /** One call: which tasks there are, and how many are still to be taken or finished. */
  private static final class Job {
    final long number;
    final IntConsumer task;
    final int tasks;
    final AtomicLong next = new AtomicLong();
    final AtomicInteger unfinished;
    final Thread caller = Thread.currentThread();
    volatile Throwable failure;

    Job(long number, IntConsumer task, int tasks) {
      this.number = number;
      this.task = task;
      this.tasks = tasks;
      this.unfinished = new AtomicInteger(tasks);
    }

    /** Runs tasks until none is left to take. */
    void work() {
      for (long i; (i = next.getAndIncrement()) < tasks; ) {
        try {
          if (failure == null) {
            task.accept((int) i);
          }
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          if (unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(caller);
          }
        }
      }
    }
  }

  private final int threads;
  private final Thread[] helpers;
  private final ReentrantLock busy = new ReentrantLock();
  private volatile Job current;
  private long jobs;

  /**
   * Starts the threads.
   *
   * @param threads how many work on a call, the calling one included; at least 1
   */
  Workers(int threads) {
    this.threads = threads;
    this.helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] =
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("lanewise-worker-" + (i + 1))
              .unstarted(this::serve);
    }
    for (Thread helper : helpers) {
      helper.start();
    }
  }

  /**
   * {@return the number of threads asked for by the system property, or else of processors}
   *
   * @throws IllegalArgumentException if the property is not a number from 1 to 1024
   */
  static int configuredThreads() {
    String asked = System.getProperty(PROPERTY);
    if (asked == null) {
      return Math.min(1024, Runtime.getRuntime().availableProcessors());
    }
    try {
      int threads = Integer.parseInt(asked.strip());
      if (threads >= 1 && threads <= 1024) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw new IllegalArgumentException(
        PROPERTY + ": the number of threads must be from 1 to 1024, not '" + asked + "'");
  }

  /** {@return how many threads work on a call, the calling one included} */
  int threads() {
    return threads;
  }

  /**
   * Runs {@code task} for each number from 0 to {@code tasks - 1} and waits for all. If one throws,
   * those not yet started are dropped and its exception is thrown here.
   *
   * @param tasks how many there are
   * @param task what to do for each
   */
  void run(int tasks, IntConsumer task) {
    if (tasks <= 1 || threads == 1 || busy.isHeldByCurrentThread() || !busy.tryLock()) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    Job job;
    try {
      job = new Job(++jobs, task, tasks);
      current = job;
      for (int i = 0; i < Math.min(helpers.length, tasks - 1); i++) {
        LockSupport.unpark(helpers[i]);
      }
      job.work();
      await(job);
    } finally {
      current = null;
      busy.unlock();
    }
    rethrow(job.failure);
  }

  private static void await(Job job) {
    boolean interrupted = false;
    for (int spins = 0; job.unfinished.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        // A task under way can not be abandoned: its memory is the caller's.
        LockSupport.park(job);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  private void serve() {
    // The number alone: a job's task holds arrays, which an idle worker must not keep alive.
    long last = 0;
    int spins = 0;
    while (true) {
      Job job = current;
      if (job != null && job.number != last) {
        // A task that uses this pool again finds it busy, as its caller holds the lock.
        job.work();
        last = job.number;
        spins = 0;
      } else if (spins++ < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        spins = 0;
      }
    }
  }
}
