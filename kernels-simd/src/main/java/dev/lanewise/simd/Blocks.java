package dev.lanewise.simd;

/**
 * A thread's registers for {@link BlockLoop}, each a heap array of a block's elements, and one
 * plain loop for each instruction: few enough, and used by so many expressions, that the JIT has
 * compiled them within the first milliseconds of a program. They compute exactly what the vector
 * instructions of {@link LoopCode} do, bit for bit.
 */
abstract class Blocks {
  /**
   * The elements of a register: few enough for the cache, many enough to hide what a loop costs.
   */
  static final int LENGTH = 256;

  /** Makes room for so many registers. */
  abstract void reserve(int registers);

  /** Sets elements to a number, rounded to the element type. */
  abstract void fill(int register, int from, int count, double value);

  /** Sets elements to the one at an address. */
  abstract void fillFrom(long address, int register, int from, int count);

  /** Sets elements to those at an address. */
  abstract void load(long address, int register, int from, int count);

  /** Writes elements to an address. */
  abstract void store(int register, int from, int count, long address);

  /** Runs an instruction for the first elements. */
  abstract void run(BlockProgram.Step step, int count);

  /**
   * Combines elements as a reduction does: {@code target[to + i] = x[from + i] op target[to + i]}.
   */
  abstract void combine(Ssa.Op op, int x, int from, int target, int to, int count);
}
