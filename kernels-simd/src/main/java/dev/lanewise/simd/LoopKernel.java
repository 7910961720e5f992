package dev.lanewise.simd;

/** A compiled loop over a block of rows and columns; {@link LoopCompiler} writes its subclasses. */
abstract class LoopKernel {
  /** After so many calls the JIT has compiled the loop, or soon will have. */
  private static final int COLD_CALLS = 1_500;

  // Several threads may count at once and lose some: it is an estimate.
  private int calls;

  /** {@return whether the loop is probably still interpreted, some hundred times slower} */
  final boolean isCold() {
    return calls < COLD_CALLS;
  }

  /** Notes that the loop was run some times. */
  final void called(long times) {
    if (calls < COLD_CALLS) {
      calls += (int) Math.min(COLD_CALLS, times);
    }
  }

  /**
   * Runs the loop.
   *
   * @param pointers for each array, inputs first, the address of its first element and the bytes
   *     from one row to the next
   * @param params the scalars
   * @param rows at least 1
   * @param cols at least 1
   */
  abstract void run(long[] pointers, double[] params, int rows, int cols);
}
