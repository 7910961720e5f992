package dev.lanewise.bench.report;

import dev.lanewise.bench.measure.Result;

/** Whether the JIT did its part, judged by speed. */
public enum Jit {
  /** Nothing speaks against it. */
  OK,
  /** Calls were still becoming faster when the warm-up ended: the figures are those of a start. */
  RISING,
  /**
   * The loop can hardly be vector code. What the JIT fails at costs a factor of 4 to 100, so less
   * than a third of the speed that the baseline remembers is taken for it; where no baseline fits
   * this processor, less than a hundredth of the roof. So is a call that allocates twice the memory
   * that it works on: its vectors are objects on the heap.
   */
  SLOW;

  private static final double SHARE_OF_BASELINE = 1.0 / 3;
  private static final double SHARE_OF_ROOF = 0.01;
  private static final double BOXED = 2;

  /**
   * {@return the judgement about a result}
   *
   * @param result what came out
   * @param shareOfBaseline its speed by that of the baseline, or NaN if there is none
   */
  public static Jit of(Result result, double shareOfBaseline) {
    boolean slow =
        Double.isNaN(shareOfBaseline)
            ? result.shareOfRoof() < SHARE_OF_ROOF
            : shareOfBaseline < SHARE_OF_BASELINE;
    return slow || isBoxed(result) ? SLOW : result.rising() ? RISING : OK;
  }

  /** {@return whether a call allocates so much that its vectors must be objects} */
  static boolean isBoxed(Result result) {
    return result.allocated() > BOXED * result.work().bytes();
  }

  @Override
  public String toString() {
    return switch (this) {
      case OK -> "ok";
      case RISING -> "rising";
      case SLOW -> "SLOW";
    };
  }
}
