package dev.lanewise.simd;

import dev.lanewise.array.DType;

/**
 * A thread's registers for {@link BlockLoop}, each a heap array of a block's elements, and one
 * plain loop for each instruction: few enough, and used by so many expressions, that the JIT has
 * compiled them within the first milliseconds of a program. They compute exactly what the vector
 * instructions of {@link LoopCode} do, bit for bit. There is a class for each element type, as a
 * loop that the JIT is to make vectors of has to be over an array of one type.
 */
abstract class Blocks {
  /**
   * The elements of a register: few enough for the cache, many enough to hide what a loop costs.
   */
  static final int LENGTH = 256;

  /** Makes room for so many registers. */
  abstract void reserve(int registers);

  /** {@return the current thread's registers for elements of a type} */
  static Blocks local(DType dtype) {
    return switch (dtype) {
      case F32 -> FloatBlocks.local();
      case F64 -> DoubleBlocks.local();
      case I32 -> IntBlocks.local();
      case I64 -> LongBlocks.local();
      case BOOL, F16, BF16 -> throw new AssertionError(dtype + " is not computed in");
    };
  }

  /** Sets elements to a scalar, given as {@link Ssa#scalarBits}, rounded to the element type. */
  abstract void fill(int register, int from, int count, long scalarBits);

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
