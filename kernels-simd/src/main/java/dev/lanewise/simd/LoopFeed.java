package dev.lanewise.simd;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The calls that make the compiled form of an {@link AdaptiveLoop} hot. */
final class LoopFeed extends LoopWarmUp.Feed {
  /** Turns of a short loop: C2 does not unroll one that it believes to turn less often. */
  private static final int MOST_TURNS = 24;

  private static final int FEWEST_TURNS = 2;

  /** Instructions of a loop's turns in one call; each takes the interpreter about 1 µs. */
  private static final int INSTRUCTIONS = 300;

  private static final int MEASUREMENTS = 5;

  private final AdaptiveLoop loop;
  private final MemorySegment scratch;
  private final long[] pointers;
  private final double[] params;
  private final int lanes;
  private final int rows;
  private final int cols;
  private LoopKernel kernel;

  LoopFeed(AdaptiveLoop loop, MemorySegment scratch) {
    LoopSpec spec = loop.spec();
    int turns = Math.clamp(INSTRUCTIONS / spec.body().ssa().size(), FEWEST_TURNS, MOST_TURNS);
    this.loop = loop;
    this.scratch = scratch;
    this.lanes = spec.lanes();
    this.rows = spec.form() == Form.COLUMN ? turns : 2;
    this.cols =
        lanes
            * switch (spec.form()) {
              case MAP -> turns;
              case ROW -> turns * spec.repeats();
              case COLUMN -> 2 * spec.repeats();
            };
    this.params = new double[params(spec)];
    this.pointers = new long[2 * (spec.inputs() + spec.outputs())];
    for (int i = 0; i < pointers.length; i += 2) {
      pointers[i] = scratch.address() + (i < 2 * spec.inputs() ? 0 : LoopWarmUp.BYTES / 2);
      pointers[i + 1] = (long) cols * spec.dtype().byteSize();
    }
  }

  private static int params(LoopSpec spec) {
    int count = 0;
    for (Ssa.Instruction in : spec.body().ssa().code()) {
      count = in.op() == Ssa.Op.PARAM ? Math.max(count, in.a() + 1) : count;
    }
    return count;
  }

  @Override
  void generate() {
    kernel = PartedLoop.compile(loop.spec(), loop.name());
  }

  @Override
  void empty() {
    kernel.run(pointers, params, 0, 0);
  }

  /** Every second time some vectors and a part of one are left after the last whole step. */
  @Override
  void call(int number) {
    int rest = number % 2 == 0 ? 0 : lanes + 1;
    kernel.run(pointers, params, rows, cols + rest);
    Reference.reachabilityFence(scratch);
  }

  /** A loop that C2 made boxes for is slower than the interpreter, whose shortest call counts. */
  @Override
  boolean isWorthwhile(long nanos) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < MEASUREMENTS; i++) {
      long before = System.nanoTime();
      loop.interpreted().run(pointers, params, rows, cols + lanes + 1);
      least = Math.min(least, System.nanoTime() - before);
    }
    return nanos < least;
  }

  @Override
  void use() {
    loop.use(kernel);
  }
}
