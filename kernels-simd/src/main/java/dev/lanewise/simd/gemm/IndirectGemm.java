package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;

/**
 * Matrix multiplication {@code C = A · B} or {@code C += A · B} on raw addresses, where a table
 * says where each row of A and each row of B lies. Rows of a convolution's matrix are parts of an
 * image, so it needs no copy of them. Addresses and offsets are in bytes; nothing is checked.
 *
 * <p>B is read in whole vectors, and C written so: the caller sees to it that there is room. With
 * {@code eps} the unit round-off, a call adds at most {@code (k + 1) · eps · |A| · |B|} to the
 * error.
 */
public final class IndirectGemm {
  /** For {@code float}. */
  public static final IndirectGemm F32 = new IndirectGemm(Element.F32);

  /** For {@code double}. */
  public static final IndirectGemm F64 = new IndirectGemm(Element.F64);

  private static final int TURNS = 4;

  private final Blocking blocking;
  private final IndirectTile tile;
  private final IndirectWarmUp warmUp;

  /** Offsets of the rows of A for calls that only warm up: all lie at the same place. */
  private final long[] same;

  private IndirectGemm(Element element) {
    this.blocking = Blocking.of(Lanes.BITS, element);
    this.same = new long[blocking.rows()];
    this.tile = IndirectTileCode.compile(blocking);
    this.warmUp = new IndirectWarmUp(IndirectTile.shapes(blocking), this::warm);
  }

  /**
   * {@return the most vectors of B that are multiplied at a time}
   *
   * @param m the rows of A
   */
  public int vectors(int m) {
    return m == 1 ? IndirectTile.WIDE : blocking.vectors();
  }

  /** {@return the most products that should be added up at a time} */
  public int depth() {
    return blocking.depth();
  }

  /**
   * Gets the kernels compiled that a large problem will use.
   *
   * @param m the rows of A
   * @param vectors the most vectors of a call
   * @param products how many products of vectors there will be
   */
  public void warmUp(int m, int vectors, long products) {
    int tiles = Math.ceilDiv(m, blocking.rows());
    for (int rows = m / tiles; rows <= Math.ceilDiv(m, tiles); rows++) {
      for (int v = 1; v <= Math.min(vectors, blocking.vectors()); v++) {
        // The narrower ones serve the ends of rows.
        long share = v == Math.min(vectors, vectors(m)) ? products : products / 8;
        warmUp.before(IndirectTile.shape(blocking, rows, v), share / ((long) rows * v));
      }
      if (m == 1 && vectors > blocking.vectors()) {
        warmUp.before(
            IndirectTile.shape(blocking, 1, IndirectTile.WIDE), products / IndirectTile.WIDE);
      }
    }
  }

  private void warm(int shape) {
    long memory = IndirectWarmUp.MEMORY;
    long offsets = TileKernel.ZEROS; // every row lies at the same place
    long stride = (long) IndirectTile.WIDE * blocking.vectorBytes();
    for (int i = 0; i < 2; i++) {
      tile.run(shape, TURNS, memory, same, 0, memory, offsets, memory, stride, i == 1);
    }
  }

  /**
   * Multiplies all rows of A with some vectors of B.
   *
   * @param m the rows of A and C, at least 1
   * @param vectors how many vectors of each row of B, from 1 to {@link #vectors}
   * @param k the columns of A and rows of B, at least 1
   * @param a what the rows of A are relative to
   * @param rowsOfA the offset of each row of A, whose elements have unit stride
   * @param firstOfA where in that list the first of these rows is
   * @param b what the rows of B are relative to
   * @param rowsOfB the address of the offset of each row of B
   * @param c C's first element
   * @param strideC from one row of C to the next
   * @param accumulate whether to add to C; if not, C is not read
   */
  public void multiply(
      int m,
      int vectors,
      int k,
      long a,
      long[] rowsOfA,
      int firstOfA,
      long b,
      long rowsOfB,
      long c,
      long strideC,
      boolean accumulate) {
    if (vectors > blocking.vectors() && vectors < IndirectTile.WIDE) {
      int bytes = blocking.panelBytes();
      multiply(m, blocking.vectors(), k, a, rowsOfA, firstOfA, b, rowsOfB, c, strideC, accumulate);
      multiply(
          m,
          vectors - blocking.vectors(),
          k,
          a,
          rowsOfA,
          firstOfA,
          b + bytes,
          rowsOfB,
          c + bytes,
          strideC,
          accumulate);
      return;
    }
    int tiles = Math.ceilDiv(m, blocking.rows());
    for (int t = 0; t < tiles; t++) {
      int i = TiledProduct.cut(m, t, tiles);
      int rows = TiledProduct.cut(m, t + 1, tiles) - i;
      tile.run(
          IndirectTile.shape(blocking, rows, vectors),
          k,
          a,
          rowsOfA,
          firstOfA + i,
          b,
          rowsOfB,
          c + i * strideC,
          strideC,
          accumulate);
    }
  }

  /**
   * Copies a matrix that is stored by columns: {@code to[i, j] = from[j, i]}. Up to a whole vector
   * of each row of the target is written.
   *
   * @param from the first element
   * @param fromStride from one column to the next, whose elements have unit stride
   * @param to the first element of the target, whose rows have unit stride
   * @param toStride from one row of the target to the next
   * @param rows how many
   * @param columns how many
   */
  public void transpose(long from, long fromStride, long to, long toStride, int rows, int columns) {
    Pack.columns(blocking.element(), from, fromStride, to, toStride, rows, columns);
  }
}
