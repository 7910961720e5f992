package dev.lanewise.simd;

import dev.lanewise.simd.gemm.IdlePool;
import java.util.function.IntConsumer;

/**
 * Cuts the two inner loops of a {@link Nest}, rows and columns, into tiles, and runs a kernel over
 * them on all threads. A task is large enough to be worth another thread. Tiles know how far
 * elements are from each array's first, but not where that is: they serve any number of calls.
 */
final class Tiles {
  private static final long TILE = 8_192;
  private static final long TASK = 65_536;

  /** A thread's pointers for the kernel: no call needs an array of its own. */
  private static final ThreadLocal<long[]> POINTERS = ThreadLocal.withInitial(() -> new long[0]);

  /** For calls that several threads share: none needs an object of its own. */
  private static final IdlePool<Run> RUNS = new IdlePool<>(Run::new);

  private final long[] dims;
  private final long[][] strides;
  private final int bytes;
  private final int outerAxes;
  private final long rows;
  private final long cols;
  private final long rowTile;
  private final long colTile;
  private final long rowTiles;
  private final long colTiles;
  private final long tiles;
  private final long perTask;
  private final int tasks;

  /**
   * Cuts loops.
   *
   * @param form what the kernel does: a reduced row or column stays in one tile
   * @param nest its last two axes are rows and columns; missing ones count as 1
   */
  Tiles(Form form, Nest nest) {
    this.dims = nest.dims;
    this.strides = nest.strides;
    this.bytes = nest.bytes;
    this.outerAxes = Math.max(0, nest.rank() - 2);
    this.cols = nest.innerExtent();
    this.rows = nest.rank() < 2 ? 1 : dims[nest.rank() - 2];
    this.colTile =
        switch (form) {
          case MAP -> Math.min(cols, TILE);
          case ROW -> cols;
          // Wide enough for a cache line of each row, in multiples of four vectors.
          case COLUMN -> Math.min(cols, Math.max(64, TILE / rows / 64 * 64));
        };
    this.rowTile = form == Form.COLUMN ? rows : Math.clamp(TILE / colTile, 1, rows);
    this.rowTiles = (rows + rowTile - 1) / rowTile;
    this.colTiles = (cols + colTile - 1) / colTile;
    long outer = 1;
    for (int i = 0; i < outerAxes; i++) {
      outer *= dims[i];
    }
    this.tiles = outer * rowTiles * colTiles;
    this.perTask = Math.max(1, TASK / (rowTile * colTile));
    this.tasks = Math.toIntExact((tiles + perTask - 1) / perTask);
  }

  /**
   * Runs a kernel.
   *
   * @param addresses where each array's first element is; the caller keeps the arrays reachable
   */
  void run(LoopKernel kernel, long[] addresses, double[] params, Workers workers) {
    if (tiles == 1) {
      runAll(kernel, addresses, params);
      return;
    }
    if (tasks <= 1) {
      runRange(kernel, addresses, params, 0, tiles);
      return;
    }
    Run run = RUNS.lend();
    run.set(this, kernel, addresses, params);
    try {
      workers.run(tasks, run);
    } finally {
      run.set(null, null, null, null);
      RUNS.giveBack(run);
    }
  }

  /** One call's tasks. */
  private static final class Run implements IntConsumer {
    private Tiles tiles;
    private LoopKernel kernel;
    private long[] addresses;
    private double[] params;

    void set(Tiles tiles, LoopKernel kernel, long[] addresses, double[] params) {
      this.tiles = tiles;
      this.kernel = kernel;
      this.addresses = addresses;
      this.params = params;
    }

    @Override
    public void accept(int task) {
      long first = task * tiles.perTask;
      long end = Math.min(tiles.tiles, first + tiles.perTask);
      tiles.runRange(kernel, addresses, params, first, end);
    }
  }

  /** {@return the thread's list of an address and a step for each of so many arrays} */
  static long[] pointers(int arrays) {
    long[] pointers = POINTERS.get();
    if (pointers.length < 2 * arrays) {
      pointers = new long[2 * arrays];
      POINTERS.set(pointers);
    }
    return pointers;
  }

  /** Runs the only tile; that there is no other saves a small call much of its arithmetic. */
  private void runAll(LoopKernel kernel, long[] addresses, double[] params) {
    int arrays = strides.length;
    long[] pointers = pointers(arrays);
    int rank = dims.length;
    for (int a = 0; a < arrays; a++) {
      pointers[2 * a] = addresses[a];
      pointers[2 * a + 1] = rank < 2 ? 0 : strides[a][rank - 2] * bytes;
    }
    kernel.run(pointers, params, (int) rows, (int) cols);
  }

  private void runRange(LoopKernel kernel, long[] addresses, double[] params, long from, long to) {
    int arrays = strides.length;
    long[] pointers = pointers(arrays);
    int rank = dims.length;
    for (long tile = from; tile < to; tile++) {
      long col = tile % colTiles * colTile;
      long row = tile / colTiles % rowTiles * rowTile;
      long outer = tile / colTiles / rowTiles;
      for (int a = 0; a < arrays; a++) {
        long[] stride = strides[a];
        long element = rank < 1 ? 0 : col * stride[rank - 1];
        long rowStride = rank < 2 ? 0 : stride[rank - 2];
        element += row * rowStride;
        long rest = outer;
        for (int axis = outerAxes - 1; axis >= 0; axis--) {
          element += rest % dims[axis] * stride[axis];
          rest /= dims[axis];
        }
        pointers[2 * a] = addresses[a] + element * bytes;
        pointers[2 * a + 1] = rowStride * bytes;
      }
      kernel.run(
          pointers,
          params,
          (int) Math.min(rowTile, rows - row),
          (int) Math.min(colTile, cols - col));
    }
  }
}
