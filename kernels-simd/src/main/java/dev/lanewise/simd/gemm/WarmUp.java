package dev.lanewise.simd.gemm;

import java.util.concurrent.locks.LockSupport;

/**
 * Gets kernels compiled before a large problem needs them. In the interpreter a tile is some
 * hundred times slower, so a large problem would spend seconds in the few calls that C2 waits for,
 * and then have its loops compiled for on-stack replacement, which takes C2 half a second and helps
 * nobody.
 */
final class WarmUp {
  // The interpreter begins to profile after some 250 calls; C2 takes the method 600 later.
  private static final int CALLS = 1_000;
  private static final int TURNS = 4;

  // Compiled, a call takes 0.1 µs; interpreted, 20.
  private static final long COMPILED_NANOS = 5_000;

  // C2 takes 0.1 to 0.2 s for a tile, but may have other work before it or a busy machine.
  private static final long PATIENCE_NANOS = 2_000_000_000;

  /** The turns of tiles that take the interpreter about 2 ms, which a warm-up is worth. */
  static final long WORTHWHILE_TURNS = 400;

  private enum Kind {
    ROWS,
    COLUMNS,
    TRANSPOSE,
    COPY
  }

  private final Blocking blocking;
  private final TileKernel kernel;
  private final boolean[][] warm;

  /** Whether one wait was in vain, as it is where there is no C2: then there is no other. */
  private boolean hopeless;

  /**
   * Makes a warm-up of nothing yet.
   *
   * @param blocking the kernel's blocking
   * @param kernel the kernel
   */
  WarmUp(Blocking blocking, TileKernel kernel) {
    this.blocking = blocking;
    this.kernel = kernel;
    this.warm = new boolean[Kind.values().length][blocking.rows() * blocking.vectors()];
  }

  /**
   * Warms a tile, if it is cold.
   *
   * @param byRows the form of A
   * @param shape the tile, see {@link TileKernel#shape}
   */
  void tile(boolean byRows, int shape) {
    one(byRows ? Kind.ROWS : Kind.COLUMNS, shape);
  }

  /** Warms what transposes panels of B. */
  void transpose() {
    one(Kind.TRANSPOSE, 0);
  }

  /** Warms what copies parts of vectors, where C is not so many whole vectors wide. */
  void copies() {
    one(Kind.COPY, 0);
  }

  private void one(Kind kind, int shape) {
    boolean[] done = warm[kind.ordinal()];
    if (!done[shape]) {
      // Other threads that need the kernel wait here: they would only disturb C2.
      synchronized (this) {
        if (!done[shape]) {
          call(kind, shape, CALLS);
          long start = System.nanoTime();
          while (!hopeless && call(kind, shape, 1) > COMPILED_NANOS) {
            LockSupport.parkNanos(1_000_000);
            hopeless = System.nanoTime() - start > PATIENCE_NANOS;
          }
          done[shape] = true;
        }
      }
    }
  }

  /** {@return how many nanoseconds some calls of a kernel take} */
  private long call(Kind kind, int shape, int calls) {
    Workspace scratch = Workspace.lend(blocking.element());
    long stride = blocking.panelBytes();
    long a = scratch.a;
    long b = scratch.b;
    long c = scratch.tile;
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      boolean accumulate = i % 2 == 1;
      switch (kind) {
        case ROWS -> kernel.rows(shape, TURNS, a, 256, b, stride, c, stride, 0, accumulate);
        case COLUMNS -> kernel.columns(shape, TURNS, a, 256, b, stride, c, stride, 0, accumulate);
        case TRANSPOSE -> Transpose.of(blocking.element()).square(1, a, stride, b, stride);
        case COPY -> {
          int width = blocking.element().bytes;
          Pack.rows(a, stride, b, stride, TURNS, width);
          Pack.unpack(a, stride, c, stride, TURNS, width);
        }
      }
    }
    long nanos = System.nanoTime() - start;
    scratch.giveBack();
    return nanos;
  }
}
