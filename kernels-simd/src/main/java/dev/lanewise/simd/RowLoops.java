package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.simd.RowProgram.Kind;
import dev.lanewise.simd.RowProgram.Loop;

/**
 * The loops of a {@link RowProgram} over rows of one length, at whatever addresses they lie. Long
 * rows are summed in parts of a fixed length: how many rows are run at once changes no bit.
 *
 * <p>An object can be used for any number of programs, one after the other, and by several threads
 * at once for the same. It allocates nothing.
 */
final class RowLoops {
  /** About the elements of a tile: of two arrays of float a fraction of the second-level cache. */
  private static final long TILE = 8_192;

  /** A task of so many elements is worth another thread. */
  private static final long TASK = 65_536;

  /** Places of the program's own have room for so many rows. */
  private static final int MOST_ROWS = 2_048;

  /** A row that is run along is reduced in parts of this length, for the sake of exact sums. */
  private static final long PART_ALONG = 4_096;

  /** The same where many rows are run down at once, each element added to the one before. */
  private static final long PART_DOWN = 256;

  private static final int MOST_ARRAYS = 8;

  private RowProgram program;
  private double[] params;
  private int bytes;
  private boolean along;
  private Loop[] loops;
  private long length;
  private int rowsOfTile;

  /** Of each array, the bytes from one row of memory to the next. */
  private final long[] steps = new long[MOST_ARRAYS];

  /**
   * {@return this, now the loops of a program}
   *
   * @param params the scalars
   * @param along whether loops run along rows, whose elements lie side by side
   * @param rows how many there are, at least 1
   * @param length how many elements each has, at least 1
   */
  RowLoops of(
      RowProgram program, DType dtype, double[] params, boolean along, long rows, long length) {
    this.program = program;
    this.params = params;
    this.bytes = dtype.byteSize();
    this.along = along;
    this.loops = program.loops(dtype, along);
    this.length = length;
    long tile = TILE / length;
    // Over many rows at once: at least a cache line of each place, in multiples of four vectors.
    long wish = along ? tile : Math.max(64, tile / 64 * 64);
    this.rowsOfTile = (int) Math.clamp(wish, 1, Math.min(rows, MOST_ROWS));
    return this;
  }

  /**
   * Says where an array's elements lie.
   *
   * @param step the bytes from one row of memory to the next
   */
  void step(int array, long step) {
    steps[array] = step;
  }

  /** {@return how many rows to run at once, so that they stay in the cache} */
  int rowsOfTile() {
    return rowsOfTile;
  }

  /** {@return how many tiles of rows make a task} */
  long tilesOfTask() {
    return Math.max(1, TASK / (rowsOfTile * length));
  }

  /**
   * {@return a list of the operands' addresses, of which those of the arrays are to be filled in}
   */
  long[] addresses(RowMemory memory) {
    int arrays = program.arrays();
    int own = program.operands() - arrays;
    long[] at = memory.addresses(program.operands());
    long place = memory.place(own * (long) rowsOfTile * bytes + partialBytes());
    for (int o = 0; o < own; o++) {
      at[arrays + o] = place + o * (long) rowsOfTile * bytes;
    }
    return at;
  }

  /** Partial sums lie behind the program's own places. */
  private long partial(RowMemory memory) {
    return memory.place(0) + (program.operands() - program.arrays()) * (long) rowsOfTile * bytes;
  }

  private long partialBytes() {
    long part = along ? PART_ALONG : PART_DOWN;
    return length <= part ? 0 : 2 * ((length + part - 1) / part) * rowsOfTile * bytes;
  }

  /**
   * Runs the program over a tile.
   *
   * @param memory this thread's
   * @param at from {@link #addresses}
   * @param count how many rows, at most {@link #rowsOfTile}
   */
  void run(RowMemory memory, long[] at, long count) {
    long partial = partial(memory);
    for (Loop loop : loops) {
      run(loop, memory, at, partial, count);
    }
  }

  private void run(Loop loop, RowMemory memory, long[] at, long partial, long count) {
    int[] ins = loop.step.ins();
    int[] outs = loop.step.outs();
    long[] pointers = memory.pointers(ins.length + outs.length);
    for (int i = 0; i < ins.length + outs.length; i++) {
      int operand = i < ins.length ? ins[i] : outs[i - ins.length];
      pointers[2 * i] = at[operand];
      pointers[2 * i + 1] = loop.perRow ? 0 : rowStep(operand);
    }
    if (loop.perRow) {
      loop.kernel.run(pointers, params, 1, (int) count);
    } else if (loop.step.op() != null) {
      reduce(loop, memory, pointers, ins.length, partial, count);
    } else {
      map(loop, pointers, count);
    }
  }

  /** {@return the bytes between rows of memory, in the loop's sense} */
  private long rowStep(int operand) {
    boolean own = operand >= program.arrays();
    if (own) {
      return along ? bytes : 0;
    }
    return steps[operand];
  }

  private void map(Loop loop, long[] pointers, long count) {
    if (!along) {
      loop.kernel.run(pointers, params, Math.toIntExact(length), (int) count);
      return;
    }
    if (length <= TILE) {
      loop.kernel.run(pointers, params, (int) count, (int) length);
      return;
    }
    for (long from = 0; from < length; from += TILE) {
      int cols = (int) Math.min(TILE, length - from);
      loop.kernel.run(pointers, params, (int) count, cols);
      advance(loop, pointers, cols * (long) bytes);
    }
  }

  /** Moves the operands with more than one element a row of memory. */
  private void advance(Loop loop, long[] pointers, long distance) {
    int[] ins = loop.step.ins();
    for (int i = 0; i < pointers.length / 2; i++) {
      int operand = i < ins.length ? ins[i] : loop.step.outs()[i - ins.length];
      if (program.kind(operand) != Kind.PER_ROW) {
        pointers[2 * i] += distance;
      }
    }
  }

  private void reduce(
      Loop loop, RowMemory memory, long[] pointers, int out, long partial, long count) {
    if (along) {
      reduceAlong(loop, memory, pointers, out, partial, count);
    } else {
      reduceDown(loop, memory, pointers, out, partial, count);
    }
  }

  private void reduceAlong(
      Loop loop, RowMemory memory, long[] pointers, int out, long partial, long count) {
    if (length <= PART_ALONG) {
      loop.kernel.run(pointers, params, (int) count, (int) length);
      return;
    }
    int[] ins = loop.step.ins();
    int parts = Math.toIntExact((length + PART_ALONG - 1) / PART_ALONG);
    long[] some = memory.more(pointers.length);
    for (long row = 0; row < count; row++) {
      for (int part = 0; part < parts; part++) {
        long from = part * PART_ALONG;
        for (int i = 0; i < out; i++) {
          boolean one = program.kind(ins[i]) == Kind.PER_ROW;
          some[2 * i] = pointers[2 * i] + row * pointers[2 * i + 1] + (one ? 0 : from * bytes);
          some[2 * i + 1] = 0;
        }
        some[2 * out] = partial + (long) part * bytes;
        some[2 * out + 1] = 0;
        loop.kernel.run(some, params, 1, (int) Math.min(PART_ALONG, length - from));
      }
      some[0] = partial;
      some[1] = 0;
      some[2] = pointers[2 * out] + row * pointers[2 * out + 1];
      some[3] = 0;
      loop.combining.run(some, params, 1, parts);
    }
  }

  private void reduceDown(
      Loop loop, RowMemory memory, long[] pointers, int out, long partial, long count) {
    if (length <= PART_DOWN) {
      loop.kernel.run(pointers, params, (int) length, (int) count);
      return;
    }
    long[] some = memory.more(pointers.length);
    System.arraycopy(pointers, 0, some, 0, pointers.length);
    int parts = Math.toIntExact((length + PART_DOWN - 1) / PART_DOWN);
    for (int part = 0; part < parts; part++) {
      long from = part * PART_DOWN;
      for (int i = 0; i < out; i++) {
        some[2 * i] = pointers[2 * i] + from * pointers[2 * i + 1];
      }
      some[2 * out] = partial + part * count * bytes;
      loop.kernel.run(some, params, (int) Math.min(PART_DOWN, length - from), (int) count);
    }
    combine(loop, some, partial, parts, count, pointers[2 * out]);
  }

  /** Adds up partial results, again in parts if there are many. */
  private void combine(Loop loop, long[] some, long partial, int parts, long count, long target) {
    long from = partial;
    int left = parts;
    while (left > PART_DOWN) {
      // The next level goes behind this one: there is room for twice the first.
      int next = (int) ((left + PART_DOWN - 1) / PART_DOWN);
      long to = from + left * count * bytes;
      for (int i = 0; i < next; i++) {
        int height = (int) Math.min(PART_DOWN, left - i * PART_DOWN);
        combine(loop, some, from + i * PART_DOWN * count * bytes, height, count, to, i);
      }
      from = to;
      left = next;
    }
    combine(loop, some, from, left, count, target, 0);
  }

  private void combine(
      Loop loop, long[] some, long from, int height, long count, long to, int place) {
    some[0] = from;
    some[1] = count * bytes;
    some[2] = to + place * count * bytes;
    some[3] = 0;
    loop.combining.run(some, params, height, (int) count);
  }
}
