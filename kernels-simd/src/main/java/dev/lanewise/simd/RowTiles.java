package dev.lanewise.simd;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import java.util.Arrays;

/**
 * One call of a {@link RowProgram}: brings the arrays into a form that its loops can run through,
 * cuts them into tiles of whole rows, and runs the program over them on all threads. Rows do not
 * depend on each other: neither tiles nor threads change a bit.
 */
final class RowTiles {
  private final RowProgram program;
  private final RowLoops loops;
  private final int bytes;

  // The nest's axes but the last two, then rows and their length, or length and rows.
  private final long[] outer;
  private final int rowAxis;
  private final long rows;
  private final long[] addresses;
  private final long[][] strides;

  private RowTiles(RowProgram program, double[] params, Nest nest, boolean along) {
    this.program = program;
    this.bytes = nest.bytes;
    int rank = nest.rank();
    this.outer = Arrays.copyOf(nest.dims, rank - 2);
    this.rowAxis = along ? rank - 2 : rank - 1;
    this.rows = nest.dims[rowAxis];
    this.addresses = nest.addresses;
    this.strides = nest.strides;
    long length = nest.dims[along ? rank - 1 : rank - 2];
    this.loops = new RowLoops().of(program, nest.dtype, params, along, rows, length);
    for (int a = 0; a < program.arrays(); a++) {
      loops.step(a, strides[a][rank - 2] * bytes);
    }
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
    int height = loops.rowsOfTile();
    long rowTiles = (rows + height - 1) / height;
    long tiles = rowTiles;
    for (long d : outer) {
      tiles *= d;
    }
    long all = tiles;
    long perTask = loops.tilesOfTask();
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
    int height = loops.rowsOfTile();
    long[] at = loops.addresses(memory);
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
