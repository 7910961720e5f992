package dev.lanewise.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * Compiles loops in the background and calls them on scratch memory until the JIT has compiled them
 * too. Only then does an {@link AdaptiveLoop} use the compiled form.
 */
final class LoopWarmUp {
  private static final long POLL_NANOS = 1_000_000;

  /** What is still to be compiled; guarded by the class, as is {@link #running}. */
  private static final Queue<AdaptiveLoop> REQUESTS = new ArrayDeque<>();

  private static boolean running;

  private LoopWarmUp() {}

  /** Has a loop compiled soon. A thread does it that ends when there is nothing left to do. */
  static synchronized void request(AdaptiveLoop loop) {
    REQUESTS.add(loop);
    if (!running) {
      running = true;
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("lanewise-loop-warm-up")
          .start(LoopWarmUp::work);
    }
  }

  private static synchronized AdaptiveLoop next(boolean busy) {
    AdaptiveLoop loop = REQUESTS.poll();
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
    MemorySegment scratch = Arena.ofAuto().allocate(Feed.BYTES, 64);
    List<Feed> waiting = new ArrayList<>();
    AdaptiveLoop loop = next(false);
    while (loop != null || !waiting.isEmpty()) {
      if (loop == null) {
        LockSupport.parkNanos(POLL_NANOS);
      } else {
        waiting.add(new Feed(loop, scratch));
      }
      waiting.removeIf(Feed::isOver);
      loop = next(!waiting.isEmpty());
    }
  }

  /**
   * The calls of one loop. C2 takes a method after some 850, of which the first 250 are not
   * profiled; or several times as many when it is busy, and then that which was called most often.
   * Nearly all are of no rows and return at once: some tens with work are enough to tell C2 which
   * branches are taken and how often a loop turns.
   */
  private static final class Feed {
    /** Of scratch memory: one half to read from, which holds zeros, and one to write to. */
    static final long BYTES = 1 << 16;

    private static final int UNPROFILED = 300;
    private static final int ROUNDS = 40;
    private static final int EMPTY_CALLS = 20;
    private static final int EMPTY_CALLS_WAITING = 200;

    /** Turns of a short loop: C2 does not unroll one that it believes to turn less often. */
    private static final int MOST_TURNS = 24;

    private static final int FEWEST_TURNS = 2;

    /** Instructions of a loop's turns in one call; each takes the interpreter about 1 µs. */
    private static final int INSTRUCTIONS = 300;

    // Compiled, a call takes less than a microsecond; interpreted, more than twenty.
    private static final long COMPILED_NANOS = 5_000;

    // Where there is no C2 the loop stays interpreted.
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final AdaptiveLoop loop;
    private final LoopKernel kernel;
    private final MemorySegment scratch;
    private final long[] pointers;
    private final double[] params;
    private final int lanes;
    private final int rows;
    private final int cols;
    private final long start = System.nanoTime();

    Feed(AdaptiveLoop loop, MemorySegment scratch) {
      LoopCompiler.Plan plan = loop.plan();
      int turns = Math.clamp(INSTRUCTIONS / plan.body().ssa().size(), FEWEST_TURNS, MOST_TURNS);
      this.loop = loop;
      this.scratch = scratch;
      this.lanes = plan.lanes();
      this.rows = plan.form() == Form.COLUMN ? turns : 2;
      this.cols =
          lanes
              * switch (plan.form()) {
                case MAP -> turns;
                case ROW -> turns * plan.repeats();
                case COLUMN -> 2 * plan.repeats();
              };
      this.params = new double[params(plan)];
      this.pointers = new long[2 * (plan.inputs() + plan.outputs())];
      for (int i = 0; i < pointers.length; i += 2) {
        pointers[i] = scratch.address() + (i < 2 * plan.inputs() ? 0 : BYTES / 2);
        pointers[i + 1] = (long) cols * plan.body().ssa().dtype().byteSize();
      }
      this.kernel = LoopCompiler.compile(plan, loop.name());
      empty(UNPROFILED);
      for (int i = 0; i < ROUNDS; i++) {
        empty(EMPTY_CALLS);
        call(i);
      }
    }

    private static int params(LoopCompiler.Plan plan) {
      int count = 0;
      for (Ssa.Instruction in : plan.body().ssa().code()) {
        count = in.op() == Ssa.Op.PARAM ? Math.max(count, in.a() + 1) : count;
      }
      return count;
    }

    private void empty(int calls) {
      for (int i = 0; i < calls; i++) {
        kernel.run(pointers, params, 0, 0);
      }
    }

    /**
     * Calls the kernel with work. Every second time some vectors and a part of one are left after
     * the last whole step, so that C2 finds each branch taken and not taken.
     */
    private void call(int number) {
      int rest = number % 2 == 0 ? 0 : lanes + 1;
      kernel.run(pointers, params, rows, cols + rest);
      Reference.reachabilityFence(scratch);
    }

    /**
     * {@return whether there is nothing left to wait for}; the loop uses the kernel if it is hot
     */
    boolean isOver() {
      empty(EMPTY_CALLS_WAITING);
      call(0);
      long before = System.nanoTime();
      call(1);
      long after = System.nanoTime();
      boolean compiled = after - before < COMPILED_NANOS;
      if (compiled) {
        loop.use(kernel);
      }
      return compiled || after - start > PATIENCE_NANOS;
    }
  }
}
