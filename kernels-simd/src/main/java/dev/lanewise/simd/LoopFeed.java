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

  private final AdaptiveLoop loop;
  private final LoopKernel kernel;
  private final MemorySegment scratch;
  private final long[] pointers;
  private final double[] params;
  private final int lanes;
  private final int rows;
  private final int cols;

  LoopFeed(AdaptiveLoop loop, MemorySegment scratch) {
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
      pointers[i] = scratch.address() + (i < 2 * plan.inputs() ? 0 : LoopWarmUp.BYTES / 2);
      pointers[i + 1] = (long) cols * plan.body().ssa().dtype().byteSize();
    }
    this.kernel = LoopCompiler.compile(plan, loop.name());
  }

  private static int params(LoopCompiler.Plan plan) {
    int count = 0;
    for (Ssa.Instruction in : plan.body().ssa().code()) {
      count = in.op() == Ssa.Op.PARAM ? Math.max(count, in.a() + 1) : count;
    }
    return count;
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

  @Override
  void use() {
    loop.use(kernel);
  }
}
