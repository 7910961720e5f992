package dev.lanewise.simd.gemm;

/**
 * The register tiles of {@link IndirectGemm}. {@link IndirectTileCode} generates the subclass.
 * Addresses and offsets are in bytes; nothing is checked.
 */
abstract class IndirectTile {
  /** How many vectors the tile of a single row has: as many sums as hide the latency of an FMA. */
  static final int WIDE = 8;

  /** For the generated subclass. */
  IndirectTile() {}

  /**
   * Computes {@code C = A · B} or {@code C += A · B} for a few rows and vectors.
   *
   * @param shape the tile, see {@link #shape}
   * @param k the number of columns of A and rows of B, at least 1
   * @param a what the rows of A are relative to
   * @param rowsOfA the offset of each row of A, whose elements have unit stride
   * @param firstOfA where in that list the first of these rows is
   * @param b what the rows of B are relative to
   * @param rowsOfB the address of the offset of each row of B, which is read in whole vectors
   * @param c C's first element
   * @param strideC from one row of C to the next
   * @param accumulate whether to add to C; if not, C is not read
   */
  abstract void run(
      int shape,
      int k,
      long a,
      long[] rowsOfA,
      int firstOfA,
      long b,
      long rowsOfB,
      long c,
      long strideC,
      boolean accumulate);

  /** {@return the number of tiles that a kernel has} */
  static int shapes(Blocking blocking) {
    return blocking.rows() * blocking.vectors() + 1;
  }

  /**
   * {@return the number by which a kernel knows a tile}
   *
   * @param rows from 1 to the blocking's rows
   * @param vectors from 1 to the blocking's vectors, or {@link #WIDE} for a single row
   */
  static int shape(Blocking blocking, int rows, int vectors) {
    return vectors > blocking.vectors()
        ? blocking.rows() * blocking.vectors()
        : (rows - 1) * blocking.vectors() + vectors - 1;
  }
}
