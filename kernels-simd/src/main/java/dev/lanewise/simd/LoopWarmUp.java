package dev.lanewise.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * Generates kernels in the background and calls them on scratch memory until the JIT has compiled
 * them. Only then are they used; something slower that needs no warm-up does the work till then.
 */
final class LoopWarmUp {
  private static final long POLL_NANOS = 1_000_000;

  /** Of scratch memory: one half to read from, which holds zeros, and one to write to. */
  static final long BYTES = 1 << 16;

  /** What is still to be compiled; guarded by the class, as is {@link #running}. */
  private static final Queue<Candidate> REQUESTS = new ArrayDeque<>();

  private static boolean running;

  private LoopWarmUp() {}

  /** What would like a kernel that is hot. */
  interface Candidate {
    /**
     * {@return the calls of the candidate's kernel}
     *
     * @param scratch memory for those calls, of {@link #BYTES}
     */
    Feed feed(MemorySegment scratch);
  }

  /** Has a kernel compiled soon. A thread does it that ends when there is nothing left to do. */
  static synchronized void request(Candidate loop) {
    REQUESTS.add(loop);
    if (!running) {
      running = true;
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("lanewise-loop-warm-up") // the benchmarks wait for it by this name
          .start(LoopWarmUp::work);
    }
  }

  private static synchronized Candidate next(boolean busy) {
    Candidate loop = REQUESTS.poll();
    running = loop != null || busy;
    return loop;
  }

  /** Lets the next request start another thread. */
  private static synchronized void failed() {
    running = false;
  }

  private static void work() {
    boolean ended = false;
    try {
      feedAll();
      ended = true;
    } finally {
      if (!ended) {
        failed();
      }
    }
  }

  private static void feedAll() {
    MemorySegment scratch = Arena.ofAuto().allocate(BYTES, 64);
    List<Feed> waiting = new ArrayList<>();
    Candidate loop = next(false);
    while (loop != null || !waiting.isEmpty()) {
      if (loop == null) {
        LockSupport.parkNanos(POLL_NANOS);
      } else {
        Feed feed = loop.feed(scratch);
        feed.begin();
        waiting.add(feed);
      }
      waiting.removeIf(Feed::isOver);
      loop = next(!waiting.isEmpty());
    }
  }

  /**
   * The calls of one kernel. C2 takes a method after some 850, of which the first 250 are not
   * profiled; or several times as many when it is busy, and then that which was called most often.
   * Nearly all are empty and return at once: some tens with work are enough to tell C2 which
   * branches are taken and how often a loop turns.
   */
  abstract static class Feed {
    private static final int UNPROFILED = 300;
    private static final int ROUNDS = 40;
    private static final int EMPTY_CALLS = 20;
    private static final int EMPTY_CALLS_WAITING = 200;

    // Compiled, a call takes less than a microsecond; interpreted, more than twenty.
    private static final long COMPILED_NANOS = 5_000;

    // Where C2 made something slow of a kernel, it makes something else of the same kernel a second
    // time, as it knows more by then. Where it is only late, the next one has more time.
    private static final long FIRST_PATIENCE_NANOS = 15_000_000_000L;
    private static final long LAST_PATIENCE_NANOS = 30_000_000_000L;

    private long patienceNanos = FIRST_PATIENCE_NANOS;
    private long start;

    /** Generates the kernel, in place of one generated before. */
    abstract void generate();

    /** Calls the kernel with nothing to do. */
    abstract void empty();

    /**
     * Calls the kernel with a little work.
     *
     * @param number of the call: over some of them, every branch is to be taken and not taken
     */
    abstract void call(int number);

    /** Has the kernel used from now on: it is hot. */
    abstract void use();

    private void empty(int calls) {
      for (int i = 0; i < calls; i++) {
        empty();
      }
    }

    /**
     * {@return whether a compiled kernel that took so long for a call is better than its stand-in}
     */
    boolean isWorthwhile(long nanos) {
      return true;
    }

    private void begin() {
      start = System.nanoTime();
      generate();
      empty(UNPROFILED);
      for (int i = 0; i < ROUNDS; i++) {
        empty(EMPTY_CALLS);
        call(i);
      }
    }

    /** {@return whether there is nothing left to wait for}; the kernel is used if it is hot */
    private boolean isOver() {
      empty(EMPTY_CALLS_WAITING);
      call(0);
      long before = System.nanoTime();
      call(1);
      long nanos = System.nanoTime() - before;
      if (nanos < COMPILED_NANOS && isWorthwhile(nanos)) {
        use();
        return true;
      }
      if (System.nanoTime() - start < patienceNanos) {
        return false;
      }
      // Where there is no C2, the kernel stays interpreted.
      if (patienceNanos >= LAST_PATIENCE_NANOS) {
        return true;
      }
      patienceNanos *= 2;
      begin();
      return false;
    }
  }
}
