package dev.lanewise.simd;

/**
 * Cuts the two inner loops of a {@link Nest}, rows and columns, into tiles, and runs a kernel over
 * them on all threads. A task is large enough to be worth another thread.
 */
final class Tiles {
  private static final long TILE = 8_192;
  private static final long TASK = 65_536;

  private final Nest nest;
  private final int outerAxes;
  private final long rows;
  private final long cols;
  private final long rowTile;
  private final long colTile;
  private final long rowTiles;
  private final long colTiles;
  private final long tiles;

  private Tiles(Nest nest, Form form) {
    this.nest = nest;
    this.outerAxes = Math.max(0, nest.rank() - 2);
    this.cols = nest.innerExtent();
    this.rows = nest.rank() < 2 ? 1 : nest.dims[nest.rank() - 2];
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
      outer *= nest.dims[i];
    }
    this.tiles = outer * rowTiles * colTiles;
  }

  /**
   * Runs a kernel.
   *
   * @param form what the kernel does: a reduced row or column stays in one tile
   * @param nest its last two axes are rows and columns; missing ones count as 1
   */
  static void run(Form form, LoopKernel kernel, Nest nest, double[] params, Workers workers) {
    Tiles tiles = new Tiles(nest, form);
    tiles.run(kernel, params, workers);
    nest.keepReachable();
  }

  private void run(LoopKernel kernel, double[] params, Workers workers) {
    long perTask = Math.max(1, TASK / (rowTile * colTile));
    int tasks = Math.toIntExact((tiles + perTask - 1) / perTask);
    if (tasks <= 1) {
      runRange(kernel, params, 0, tiles);
    } else {
      workers.run(
          tasks, t -> runRange(kernel, params, t * perTask, Math.min(tiles, (t + 1) * perTask)));
    }
  }

  private void runRange(LoopKernel kernel, double[] params, long from, long to) {
    int arrays = nest.addresses.length;
    long[] pointers = new long[2 * arrays];
    int rank = nest.rank();
    for (long tile = from; tile < to; tile++) {
      long col = tile % colTiles * colTile;
      long row = tile / colTiles % rowTiles * rowTile;
      long outer = tile / colTiles / rowTiles;
      for (int a = 0; a < arrays; a++) {
        long[] strides = nest.strides[a];
        long element = rank < 1 ? 0 : col * strides[rank - 1];
        long rowStride = rank < 2 ? 0 : strides[rank - 2];
        element += row * rowStride;
        long rest = outer;
        for (int axis = outerAxes - 1; axis >= 0; axis--) {
          element += rest % nest.dims[axis] * strides[axis];
          rest /= nest.dims[axis];
        }
        pointers[2 * a] = nest.addresses[a] + element * nest.bytes;
        pointers[2 * a + 1] = rowStride * nest.bytes;
      }
      kernel.run(
          pointers,
          params,
          (int) Math.min(rowTile, rows - row),
          (int) Math.min(colTile, cols - col));
    }
  }
}
