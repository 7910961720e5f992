package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A {@link RowProgram} over arrays of certain layouts made ready: brings the arrays into a form
 * that its loops can run through, cuts them into tiles of whole rows, and runs the program over
 * them on all threads. Rows do not depend on each other: neither tiles nor threads change a bit.
 */
final class RowTiles implements IntConsumer {
  private final RowProgram program;
  private final Workers workers;
  private final RowLayout layout;
  private final RowLoops loops;
  private final int bytes;

  // The nest's axes but the last two, then rows and their length, or length and rows.
  private final long[] outer;
  private final int rowAxis;
  private final long rows;
  private final long[][] strides;

  private final long rowTiles;
  private final long tiles;
  private final int tasks;

  /** Where one call's arrays lie, and where its loops find them: there, or in copies. */
  private final long[] given;

  private final long[] addresses;

  /**
   * Plans a call that computes something.
   *
   * @param reduced which axes a row runs along
   * @param params the scalars, which the caller does not change any more
   * @param arrays the layouts of the call's arrays, all of one shape: what has one number for each
   *     row, or for each place, is stretched along the other axes
   */
  RowTiles(
      RowProgram program,
      DType dtype,
      boolean[] reduced,
      double[] params,
      Workers workers,
      Layout... arrays) {
    this.program = program;
    this.workers = workers;
    this.layout = new RowLayout(program, dtype, reduced, arrays);
    this.bytes = dtype.byteSize();
    Nest nest = layout.nest();
    boolean along = layout.along();
    int rank = nest.rank();
    this.outer = Arrays.copyOf(nest.dims, rank - 2);
    this.rowAxis = along ? rank - 2 : rank - 1;
    this.rows = nest.dims[rowAxis];
    this.strides = nest.strides;
    long length = nest.dims[along ? rank - 1 : rank - 2];
    this.loops = new RowLoops().of(program, dtype, params, along, rows, length);
    for (int a = 0; a < program.arrays(); a++) {
      loops.step(a, strides[a][rank - 2] * bytes);
    }
    this.rowTiles = Math.ceilDiv(rows, loops.rowsOfTile());
    long all = rowTiles;
    for (long d : outer) {
      all *= d;
    }
    this.tiles = all;
    this.tasks = Math.toIntExact(Math.ceilDiv(tiles, loops.tilesOfTask()));
    this.given = new long[program.arrays()];
    this.addresses = new long[program.arrays()];
  }

  /** {@return how many bytes of memory a call needs for copies} */
  long scratchBytes() {
    return layout.scratchBytes();
  }

  /** Says where an array of the next call lies; the caller keeps it reachable. */
  void at(int array, long address) {
    given[array] = address;
  }

  /**
   * Runs the program over the arrays.
   *
   * @param scratch the address of memory for copies
   */
  void run(long scratch) {
    layout.enter(given, addresses, scratch, workers);
    workers.run(tasks, this);
    layout.finish(given, scratch, workers);
  }

  @Override
  public void accept(int task) {
    RowMemory memory = RowMemory.local();
    int arrays = program.arrays();
    int height = loops.rowsOfTile();
    long[] at = loops.addresses(memory);
    long from = task * loops.tilesOfTask();
    long to = Math.min(tiles, from + loops.tilesOfTask());
    for (long tile = from; tile < to; tile++) {
      long first = tile % rowTiles * height;
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
      loops.run(memory, at, Math.min(height, rows - first));
    }
  }
}
