package dev.lanewise.simd;

import java.lang.foreign.MemorySegment;

/**
 * A loop that is interpreted until its compiled form is hot. The switch, whenever it comes, changes
 * no bit of any result.
 */
final class AdaptiveLoop extends LoopKernel implements LoopWarmUp.Candidate {
  /**
   * The work after which compiling pays, in instructions for an element: about 2 ms of
   * interpretation. Compiling takes 50 to 200 ms of another thread.
   */
  private static final long WORTHWHILE = 2_000_000;

  /** What a call costs besides its elements, in the same unit. */
  private static final long CALL = 1_000;

  private final LoopSpec spec;
  private final String name;
  private final LoopKernel interpreted;
  private volatile LoopKernel hot;

  // Several threads may count at once and lose some: it is an estimate.
  private long work;

  AdaptiveLoop(LoopSpec spec, String name) {
    this.spec = spec;
    this.name = name;
    this.interpreted = new BlockLoop(spec);
  }

  LoopSpec spec() {
    return spec;
  }

  String name() {
    return name;
  }

  /** {@return what serves until the compiled form is hot} */
  LoopKernel interpreted() {
    return interpreted;
  }

  @Override
  public LoopWarmUp.Feed feed(MemorySegment scratch) {
    return new LoopFeed(this, scratch);
  }

  /** Uses a compiled form of this loop from now on. */
  void use(LoopKernel compiled) {
    hot = compiled;
  }

  /** {@return whether the compiled form is in use} */
  boolean isHot() {
    return hot != null;
  }

  @Override
  void run(long[] pointers, double[] params, int rows, int cols) {
    LoopKernel compiled = hot;
    if (compiled != null) {
      compiled.run(pointers, params, rows, cols);
      return;
    }
    interpreted.run(pointers, params, rows, cols);
    long before = work;
    long after = before + CALL + (long) rows * cols * spec.body().ssa().size();
    work = after;
    if (before < WORTHWHILE && after >= WORTHWHILE) {
      LoopWarmUp.request(this);
    }
  }
}
