package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.simd.RowProgram.Kind;
import dev.lanewise.simd.RowProgram.Loop;
import java.util.Arrays;

/**
 * One call of a {@link RowProgram}: brings the arrays into a form that its loops can run through,
 * cuts them into tiles of whole rows, and runs the program over them on all threads. Rows do not
 * depend on each other, and long ones are summed in parts of a fixed length: neither tiles nor
 * threads change a bit.
 */
final class RowTiles {
  /** About the elements of a tile: of two arrays of float a fraction of the second-level cache. */
  private static final long TILE = 8_192;

  private static final long TASK = 65_536;

  /** Places of the program's own have room for so many rows. */
  private static final int MOST_ROWS = 2_048;

  /** A row that is run along is reduced in parts of this length, for the sake of exact sums. */
  private static final long PART_ALONG = 4_096;

  /** The same where many rows are run down at once, each element added to the one before. */
  private static final long PART_DOWN = 256;

  private final RowProgram program;
  private final double[] params;
  private final DType dtype;
  private final int bytes;
  private final boolean along;
  private final Loop[] loops;

  // The nest's axes but the last two, then rows and their length, or length and rows.
  private final long[] outer;
  private final long rows;
  private final long length;
  private final long rowTile;
  private final long[] addresses;
  private final long[][] strides;

  private RowTiles(RowProgram program, double[] params, Nest nest, boolean along) {
    this.program = program;
    this.params = params;
    this.dtype = nest.dtype;
    this.bytes = nest.bytes;
    this.along = along;
    this.loops = program.loops(dtype, along);
    int rank = nest.rank();
    this.outer = Arrays.copyOf(nest.dims, rank - 2);
    this.rows = nest.dims[along ? rank - 2 : rank - 1];
    this.length = nest.dims[along ? rank - 1 : rank - 2];
    this.addresses = nest.addresses;
    this.strides = nest.strides;
    long tile = TILE / length;
    // Over many rows at once: at least a cache line of each place, in multiples of four vectors.
    long wish = along ? tile : Math.max(64, tile / 64 * 64);
    this.rowTile = Math.clamp(wish, 1, Math.min(rows, MOST_ROWS));
  }

  /**
   * Runs a program.
   *
   * @param device who makes temporaries
   * @param reduced which axes a row runs along
   * @param arrays the call's arrays, all of one shape: what has one number for each row, or for
   *     each place, is stretched along the other axes
   */
  static void run(
      RowProgram program,
      Device device,
      Workers workers,
      boolean[] reduced,
      double[] params,
      NdArray... arrays) {
    if (arrays[0].size() == 0) {
      return;
    }
    try (Scope _ = Scope.open("row temporaries")) {
      RowLayout layout = RowLayout.of(program, device, workers, reduced, arrays);
      new RowTiles(program, params, layout.nest(), layout.along()).run(workers);
      layout.finish();
    }
  }

  private void run(Workers workers) {
    long rowTiles = (rows + rowTile - 1) / rowTile;
    long tiles = rowTiles;
    for (long d : outer) {
      tiles *= d;
    }
    long all = tiles;
    long perTask = Math.max(1, TASK / (rowTile * length));
    int tasks = Math.toIntExact((tiles + perTask - 1) / perTask);
    if (tasks == 1) {
      runRange(rowTiles, 0, all);
    } else {
      workers.run(tasks, t -> runRange(rowTiles, t * perTask, Math.min(all, (t + 1) * perTask)));
    }
  }

  private void runRange(long rowTiles, long from, long to) {
    RowMemory memory = RowMemory.local();
    int arrays = program.arrays();
    int operands = program.operands();
    long[] at = memory.addresses(operands);
    long local = memory.place((operands - arrays) * rowTile * bytes + partialBytes());
    for (int o = arrays; o < operands; o++) {
      at[o] = local + (o - arrays) * rowTile * bytes;
    }
    long partial = local + (operands - arrays) * rowTile * bytes;
    int rowAxis = outer.length + (along ? 0 : 1);
    for (long tile = from; tile < to; tile++) {
      long first = tile % rowTiles * rowTile;
      long rest = tile / rowTiles;
      for (int a = 0; a < arrays; a++) {
        at[a] = addresses[a] + first * strides[a][rowAxis] * bytes;
      }
      for (int axis = outer.length - 1; axis >= 0; axis--) {
        long i = rest % outer[axis];
        rest /= outer[axis];
        for (int a = 0; a < arrays; a++) {
          at[a] += i * strides[a][axis] * bytes;
        }
      }
      long count = Math.min(rowTile, rows - first);
      for (Loop loop : loops) {
        run(loop, memory, at, partial, count);
      }
    }
  }

  private long partialBytes() {
    long part = along ? PART_ALONG : PART_DOWN;
    return length <= part ? 0 : 2 * ((length + part - 1) / part) * rowTile * bytes;
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
    return strides[operand][outer.length] * bytes;
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
