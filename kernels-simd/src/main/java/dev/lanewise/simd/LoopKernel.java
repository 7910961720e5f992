package dev.lanewise.simd;

/** A loop over a block of rows and columns: compiled by {@link LoopCompiler}, or interpreted. */
abstract class LoopKernel {

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
