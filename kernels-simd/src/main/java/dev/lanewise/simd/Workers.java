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
 * way, a call from another thread, or from inside a task, runs its tasks by itself. A call
 * allocates nothing.
 */
public final class Workers {
  /** Made when first asked for, so that a program without need has no threads. */
  private static final class Shared {
    static final Workers WORKERS = new Workers(configuredThreads());
  }

  /** The system property that gives the number of threads, the calling one included. */
  static final String PROPERTY = "lanewise.threads";

  // About 20 µs: longer than the gap between two kernels of a training step.
  private static final int SPINS = 2_000;

  /** More than any call has tasks: there is none to take. */
  private static final int OVER = Integer.MAX_VALUE;

  /** The calling thread's index; helpers count from 0. */
  private static final int CALLER = -1;

  private final int threads;
  private final Thread[] helpers;
  private final ReentrantLock busy = new ReentrantLock();

  /**
   * The number of the call under way, and below it the next task to take. Whoever moves it on from
   * a value knows that the fields below belonged to that call: they are written before it gets a
   * new call's number, and not before all of the call's tasks have ended.
   */
  private final AtomicLong ticket = new AtomicLong(OVER);

  private int tasks;
  private int helping;
  private IntConsumer task;
  private Thread caller;
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile Throwable failure;

  /**
   * Starts the threads.
   *
   * @param threads how many work on a call, the calling one included; at least 1
   */
  Workers(int threads) {
    this.threads = threads;
    this.helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int index = i;
      helpers[i] =
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("lanewise-worker-" + (i + 1))
              .unstarted(() -> serve(index));
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

  /** {@return the threads of all calls that name no backend, as many as are configured} */
  public static Workers shared() {
    return Shared.WORKERS;
  }

  /** {@return how many threads work on a call, the calling one included} */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code task} for each number from 0 to {@code tasks - 1} and waits for all. If one throws,
   * those not yet started are dropped and its exception is thrown here.
   *
   * @param tasks how many there are
   * @param task what to do for each
   */
  public void run(int tasks, IntConsumer task) {
    run(tasks, threads, task);
  }

  /**
   * Runs {@code task} for each number from 0 to {@code tasks - 1}, on some of the threads only.
   *
   * @param tasks how many there are, fewer than {@link Integer#MAX_VALUE}
   * @param most how many threads may work on it, the calling one included; at least 1
   * @param task what to do for each
   */
  public void run(int tasks, int most, IntConsumer task) {
    int wanted = Math.min(Math.min(most, threads), tasks) - 1;
    if (wanted <= 0 || busy.isHeldByCurrentThread() || !busy.tryLock()) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    Throwable thrown;
    try {
      long job = begin(tasks, wanted, task);
      for (int i = 0; i < wanted; i++) {
        LockSupport.unpark(helpers[i]);
      }
      work(job, CALLER);
      await();
      thrown = failure;
      end(job);
    } finally {
      busy.unlock();
    }
    rethrow(thrown);
  }

  private long begin(int tasks, int wanted, IntConsumer task) {
    this.tasks = tasks;
    this.helping = wanted;
    this.task = task;
    this.caller = Thread.currentThread();
    this.unfinished.set(tasks);
    long job = (ticket.get() >>> 32) + 1;
    ticket.set(job << 32);
    return job;
  }

  private void end(long job) {
    // First the ticket: a late helper must not take a task of a call that has ended.
    ticket.set(job << 32 | OVER);
    // An idle pool must not keep a call's arrays alive.
    task = null;
    caller = null;
    failure = null;
  }

  /** Runs tasks of a call until none is left to take. */
  private void work(long job, int helper) {
    while (true) {
      int index = take(job, helper);
      if (index == OVER) {
        return;
      }
      try {
        if (failure == null) {
          task.accept(index);
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

  /** {@return the number of a task, or {@link #OVER} if there is none for this thread} */
  private int take(long job, int helper) {
    while (true) {
      long now = ticket.get();
      int next = (int) now;
      if (now >>> 32 != (job & 0xFFFF_FFFFL) || next >= tasks || helper >= helping) {
        return OVER;
      }
      if (ticket.compareAndSet(now, now + 1)) {
        return next;
      }
    }
  }

  private void await() {
    boolean interrupted = false;
    for (int spins = 0; unfinished.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        // A task under way can not be abandoned: its memory is the caller's.
        LockSupport.park(this);
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

  private void serve(int helper) {
    long last = 0;
    int spins = 0;
    while (true) {
      long now = ticket.get();
      long job = now >>> 32;
      if (job != last && (int) now != OVER) {
        // A task that uses this pool again finds it busy, as its caller holds the lock.
        work(job, helper);
        last = job;
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
