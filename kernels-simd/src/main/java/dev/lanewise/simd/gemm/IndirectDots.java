package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;

/**
 * Dot products of several rows with one vector, each cut into lines; a table says where each row
 * lies. {@link IndirectDotsCode} generates the subclass. Addresses and offsets are in bytes;
 * nothing is checked.
 */
public abstract class IndirectDots {
  /** The most rows of a call: their sums, and what is multiplied, fill 16 registers at most. */
  public static final int ROWS = 9;

  /** For {@code float}. */
  public static final IndirectDots F32 = IndirectDotsCode.compile(Element.F32);

  /** For {@code double}. */
  public static final IndirectDots F64 = IndirectDotsCode.compile(Element.F64);

  private final IndirectWarmUp warmUp = new IndirectWarmUp(ROWS + 1, this::warm);

  /** For the generated subclass. */
  IndirectDots() {}

  /**
   * Gets the kernel compiled that a large problem will use.
   *
   * @param rows of a call
   * @param lines how many there will be in all
   */
  public void warmUp(int rows, long lines) {
    warmUp.before(rows, lines);
  }

  private void warm(int rows) {
    long memory = IndirectWarmUp.MEMORY;
    int count = Lanes.BITS / Long.SIZE + 1;
    run(rows, 2, count, memory, new long[rows], 0, 0, memory, 0, memory);
  }

  /**
   * Adds the products of some rows with a vector to sums, lane by lane.
   *
   * @param rows how many, from 1 to {@link #ROWS}
   * @param lines into how many lines rows and vector fall
   * @param count the elements of a line, of unit stride; no others are read
   * @param a what the rows are relative to
   * @param rowsOfA the offset of each row
   * @param firstOfA where in that list the first of the rows is
   * @param strideA from one line of a row to the next
   * @param x the vector
   * @param strideX from one line of the vector to the next
   * @param sums a vector of sums for each row
   */
  public abstract void run(
      int rows,
      int lines,
      int count,
      long a,
      long[] rowsOfA,
      int firstOfA,
      long strideA,
      long x,
      long strideX,
      long sums);
}
