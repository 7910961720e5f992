package dev.lanewise.simd;

import dev.lanewise.array.DType;

/**
 * Interprets a loop's body over blocks of elements: some 3 to 20 times slower than the compiled
 * loop when that is hot, and a hundred times faster as long as it is cold. Both give the same bits:
 * each element goes through the same instructions, and reductions combine in the same order, lane
 * by lane.
 */
final class BlockLoop extends LoopKernel {
  private final LoopSpec spec;
  private final BlockProgram program;
  private final DType dtype;
  private final int inputs;
  private final int bytes;
  private final int repeats;

  BlockLoop(LoopSpec spec) {
    this.spec = spec;
    this.program = new BlockProgram(spec.body());
    this.dtype = spec.dtype();
    this.inputs = spec.inputs();
    this.bytes = dtype.byteSize();
    this.repeats = spec.repeats();
  }

  @Override
  void run(long[] pointers, double[] params, int rows, int cols) {
    Blocks blocks = Blocks.local(dtype);
    blocks.reserve(program.registers + 1);
    int count = (int) Math.min(Blocks.LENGTH, (long) rows * cols);
    for (BlockProgram.Step s : program.preamble) {
      boolean param = s.op() == Ssa.Op.PARAM;
      blocks.fill(
          s.target(), 0, count, param ? Ssa.scalarBits(dtype, params[s.a()]) : s.valueBits());
    }
    switch (spec.form()) {
      case MAP -> map(blocks, pointers, rows, cols);
      case ROW -> reduceRows(blocks, pointers, rows, cols);
      case COLUMN -> reduceColumns(blocks, pointers, rows, cols);
    }
  }

  /** {@return how many rows of so many columns fit into a block, at least one} */
  private static int rowsAtOnce(int rows, int cols) {
    return Math.clamp(Blocks.LENGTH / cols, 1, rows);
  }

  private static long address(long[] pointers, int array, int row) {
    return pointers[2 * array] + row * pointers[2 * array + 1];
  }

  /** {@return whether rows follow one another without gaps} */
  private boolean isDense(long[] pointers, int array, int cols) {
    return pointers[2 * array + 1] == (long) cols * bytes;
  }

  /** Computes the body's values for some columns of some rows, which lie one after the other. */
  private void values(Blocks blocks, long[] pointers, int row, int rows, int col, int cols) {
    for (BlockProgram.Step load : program.loads) {
      int array = load.a();
      boolean constant = spec.rowConstant()[array];
      if (rows > 1 && !constant && isDense(pointers, array, cols)) {
        blocks.load(address(pointers, array, row), load.target(), 0, rows * cols);
        continue;
      }
      for (int r = 0; r < rows; r++) {
        long start = address(pointers, array, row + r);
        if (constant) {
          blocks.fillFrom(start, load.target(), r * cols, cols);
        } else {
          blocks.load(start + (long) col * bytes, load.target(), r * cols, cols);
        }
      }
    }
    for (BlockProgram.Step step : program.body) {
      blocks.run(step, rows * cols);
    }
  }

  private void map(Blocks blocks, long[] pointers, int rows, int cols) {
    int group = rowsAtOnce(rows, cols);
    for (int row = 0; row < rows; row += group) {
      int high = Math.min(group, rows - row);
      for (int col = 0; col < cols; col += Blocks.LENGTH) {
        int wide = Math.min(Blocks.LENGTH, cols - col);
        values(blocks, pointers, row, high, col, wide);
        for (int i = 0; i < program.results.length; i++) {
          if (high > 1 && isDense(pointers, inputs + i, wide)) {
            blocks.store(program.results[i], 0, high * wide, address(pointers, inputs + i, row));
            continue;
          }
          for (int r = 0; r < high; r++) {
            long at = address(pointers, inputs + i, row + r) + (long) col * bytes;
            blocks.store(program.results[i], r * wide, wide, at);
          }
        }
      }
    }
  }

  private void reduceRows(Blocks blocks, long[] pointers, int rows, int cols) {
    int sums = program.registers;
    int result = program.results[0];
    int lanes = spec.lanes();
    int together = repeats * lanes;
    int group = rowsAtOnce(rows, cols);
    for (int row = 0; row < rows; row += group) {
      int high = Math.min(group, rows - row);
      if (cols <= Blocks.LENGTH) {
        values(blocks, pointers, row, high, 0, cols);
      }
      for (int r = 0; r < high; r++) {
        blocks.fill(sums, 0, together, spec.identityBits());
        // A block is a multiple of what the compiled loop takes at a time.
        for (int col = 0; col < cols; col += Blocks.LENGTH) {
          int wide = Math.min(Blocks.LENGTH, cols - col);
          if (cols > Blocks.LENGTH) {
            values(blocks, pointers, row, 1, col, wide);
          }
          int at = 0;
          for (; at + together <= wide; at += together) {
            blocks.combine(spec.combining(), result, r * cols + at, sums, 0, together);
          }
          for (; at < wide; at += lanes) {
            int left = Math.min(lanes, wide - at);
            blocks.combine(spec.combining(), result, r * cols + at, sums, 0, left);
          }
        }
        fold(blocks, sums, together, lanes);
        blocks.store(sums, 0, 1, address(pointers, inputs, row + r));
      }
    }
  }

  /** Combines the accumulators one after the other, then the lanes by halves. */
  private void fold(Blocks blocks, int sums, int together, int lanes) {
    for (int v = lanes; v < together; v += lanes) {
      blocks.combine(spec.combining(), sums, v, sums, 0, lanes);
    }
    for (int distance = lanes / 2; distance >= 1; distance /= 2) {
      blocks.combine(spec.combining(), sums, distance, sums, 0, distance);
    }
  }

  private void reduceColumns(Blocks blocks, long[] pointers, int rows, int cols) {
    int sums = program.registers;
    int group = rowsAtOnce(rows, cols);
    for (int col = 0; col < cols; col += Blocks.LENGTH) {
      int wide = Math.min(Blocks.LENGTH, cols - col);
      blocks.fill(sums, 0, wide, spec.identityBits());
      for (int row = 0; row < rows; row += group) {
        int high = Math.min(group, rows - row);
        values(blocks, pointers, row, high, col, wide);
        for (int r = 0; r < high; r++) {
          blocks.combine(spec.combining(), program.results[0], r * wide, sums, 0, wide);
        }
      }
      blocks.store(sums, 0, wide, pointers[2 * inputs] + (long) col * bytes);
    }
  }
}
