package dev.lanewise.simd.gemm;

import java.util.concurrent.locks.LockSupport;

/**
 * Gets indirect tiles compiled before a large problem needs them, as {@link WarmUp} does others.
 */
final class IndirectWarmUp {
  private static final int CALLS = 1_000;
  private static final int TURNS = 4;
  private static final long COMPILED_NANOS = 5_000;
  private static final long PATIENCE_NANOS = 2_000_000_000;

  // About 2 ms in the interpreter.
  private static final long WORTHWHILE_TURNS = 400;

  private final Blocking blocking;
  private final IndirectTile tile;
  private final boolean[] warm;

  /** Whether one wait was in vain, as it is where there is no C2: then there is no other. */
  private boolean hopeless;

  IndirectWarmUp(Blocking blocking, IndirectTile tile) {
    this.blocking = blocking;
    this.tile = tile;
    this.warm = new boolean[IndirectTile.shapes(blocking)];
  }

  /**
   * Warms a tile if it has much to do and is cold.
   *
   * @param rows of the tile
   * @param vectors of the tile
   * @param products how many products of vectors there will be
   */
  void before(int rows, int vectors, long products) {
    int shape = IndirectTile.shape(blocking, rows, vectors);
    if (!warm[shape] && products / ((long) rows * vectors) >= WORTHWHILE_TURNS) {
      // Other threads that need the tile wait here: they would only disturb C2.
      synchronized (this) {
        if (!warm[shape]) {
          call(shape, CALLS);
          long start = System.nanoTime();
          while (!hopeless && call(shape, 1) > COMPILED_NANOS) {
            LockSupport.parkNanos(1_000_000);
            hopeless = System.nanoTime() - start > PATIENCE_NANOS;
          }
          warm[shape] = true;
        }
      }
    }
  }

  /** {@return how many nanoseconds some calls of a tile take} */
  private long call(int shape, int calls) {
    Scratch scratch = Scratch.local();
    long offsets = TileKernel.ZEROS; // every row lies at the same place
    long stride = (long) IndirectTile.WIDE * blocking.vectorBytes();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      boolean accumulate = i % 2 == 1;
      tile.run(
          shape, TURNS, scratch.a, offsets, scratch.b, offsets, scratch.tile, stride, accumulate);
    }
    return System.nanoTime() - start;
  }
}
