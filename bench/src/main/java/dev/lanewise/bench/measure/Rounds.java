package dev.lanewise.bench.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How computations are timed beside each other: after a warm-up of each, in rounds that take all of
 * them in turn, so that a disturbance slows all.
 *
 * @param count the number of rounds
 * @param round how long a computation is repeated in a round; at least one call
 * @param warmUp for how long a computation is repeated before, at least
 * @param patience how long warming up may take where it becomes faster and faster
 */
public record Rounds(int count, Duration round, Duration warmUp, Duration patience) {
  /** What a table is made from. */
  public static final Rounds THOROUGH =
      new Rounds(21, Duration.ofMillis(15), Duration.ofMillis(600), Duration.ofSeconds(6));

  /** Enough to see that something has become slow. */
  public static final Rounds QUICK =
      new Rounds(9, Duration.ofMillis(10), Duration.ofMillis(300), Duration.ofSeconds(6));

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Batches without a better one, after which a computation is taken to be warm. */
  private static final int STEADY = 12;

  /** More than this between the quartiles, and rounds are repeated. */
  private static final double NOISY = 0.15;

  private static final int ATTEMPTS = 3;

  /**
   * Repeats a computation until it does not become faster any more, and no loop is compiled in the
   * background.
   *
   * @param computation what is repeated
   * @param expected how long a call should take at most once the JIT is done: one that takes longer
   *     is given all of the patience, since the compiler may still be at work on it
   * @return whether it was still becoming faster when patience ended
   */
  public boolean warmUp(Runnable computation, double expected) {
    long begin = System.nanoTime();
    double best = Double.POSITIVE_INFINITY;
    int since = 0;
    while (true) {
      double seconds = seconds(computation);
      boolean faster = seconds < 0.97 * best;
      since = faster ? 0 : since + 1;
      best = Math.min(best, seconds);
      long elapsed = System.nanoTime() - begin;
      if (since >= STEADY && elapsed >= warmUp.toNanos() && best <= expected && !isCompiling()) {
        return false;
      }
      if (elapsed >= patience.toNanos()) {
        return since < 2;
      }
    }
  }

  /**
   * {@return for each computation, how long its calls took} Where the first one's times lie far
   * apart, the rounds are repeated, and those in which they lie closest count: a neighbour on the
   * machine may have disturbed the others, or the JIT at last have replaced what ran in them.
   *
   * @param computations what takes turns
   */
  public List<Timing> alternate(List<Runnable> computations) {
    List<Timing> quietest = once(computations);
    for (int i = 1; i < ATTEMPTS && quietest.getFirst().noise() > NOISY; i++) {
      List<Timing> next = once(computations);
      if (next.getFirst().noise() < quietest.getFirst().noise()) {
        quietest = next;
      }
    }
    return quietest;
  }

  private List<Timing> once(List<Runnable> computations) {
    double[][] seconds = new double[computations.size()][count];
    for (int round = 0; round < count; round++) {
      for (int i = 0; i < seconds.length; i++) {
        seconds[i][round] = seconds(computations.get(i));
      }
    }
    List<Timing> timings = new ArrayList<>();
    for (double[] one : seconds) {
      timings.add(Timing.of(one));
    }
    return timings;
  }

  private double seconds(Runnable computation) {
    long begin = System.nanoTime();
    long elapsed;
    int calls = 0;
    do {
      computation.run();
      calls++;
      elapsed = System.nanoTime() - begin;
    } while (elapsed < round.toNanos());
    return 1e-9 * elapsed / calls;
  }

  /**
   * {@return how many bytes of the heap a call takes, on this thread and on the backend's workers}
   *
   * @param computation is called some times
   * @param seconds how long a call takes
   */
  long allocation(Runnable computation, double seconds) {
    int calls = (int) Math.clamp(1e-9 * round.toNanos() / seconds, 1, 1000);
    long[] threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread == Thread.currentThread() || isWorker(thread))
            .mapToLong(Thread::threadId)
            .toArray();
    long counting = allocation(() -> {}, 1, threads);
    return Math.max(0, allocation(computation, calls, threads) - counting) / calls;
  }

  /** {@return whether the backend still gets loops compiled in the background} */
  private static boolean isCompiling() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("lanewise-loop-warm-up"));
  }

  private static boolean isWorker(Thread thread) {
    return thread.getName().startsWith("lanewise-worker-");
  }

  private static long allocation(Runnable computation, int calls, long[] threads) {
    long before = allocated(threads);
    for (int i = 0; i < calls; i++) {
      computation.run();
    }
    return allocated(threads) - before;
  }

  private static long allocated(long[] threads) {
    return LongStream.of(THREADS.getThreadAllocatedBytes(threads)).sum();
  }
}
