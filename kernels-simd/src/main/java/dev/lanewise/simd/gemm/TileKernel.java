package dev.lanewise.simd.gemm;

import java.lang.foreign.Arena;

/**
 * The register tiles of one blocking: {@code C = alpha · A · B} or {@code C += alpha · A · B} for a
 * few rows and vectors. {@link TileCode} generates the subclass. Addresses and strides are in
 * bytes; nothing is checked. B and C have unit column stride, and B is read in whole vectors.
 */
abstract class TileKernel {
  /** A row of zeros as wide as any tile, which is read instead of C where C is not added to. */
  static final long ZEROS = Arena.global().allocate(512, 64).address();

  /** How far from the first row of a tile another may begin, as far as kernels are told. */
  static final long MOST_OFFSET = Integer.MAX_VALUE;

  /** The longest stride between rows of A, for all rows of a tile. */
  static final long MOST_STRIDE = MOST_OFFSET / 16;

  /** For the generated subclass. */
  TileKernel() {}

  /**
   * Runs a tile whose A has unit column stride.
   *
   * @param shape the tile, see {@link #shape}
   * @param k the number of columns of A and rows of B, at least 1
   * @param a A's first element
   * @param strideA from one row of A to the next, at most {@link #MOST_STRIDE}
   * @param b B's first element
   * @param strideB from one row of B to the next, not 0
   * @param c C's first element
   * @param strideC from one row of C to the next
   * @param alpha the factor
   * @param accumulate whether to add to C; if not, C is not read
   */
  abstract void rows(
      int shape,
      int k,
      long a,
      long strideA,
      long b,
      long strideB,
      long c,
      long strideC,
      double alpha,
      boolean accumulate);

  /**
   * Runs a tile whose A has unit row stride.
   *
   * @param shape the tile, see {@link #shape}
   * @param k the number of columns of A and rows of B, at least 1
   * @param a A's first element
   * @param strideA from one column of A to the next
   * @param b B's first element
   * @param strideB from one row of B to the next, not 0
   * @param c C's first element
   * @param strideC from one row of C to the next
   * @param alpha the factor
   * @param accumulate whether to add to C; if not, C is not read
   */
  abstract void columns(
      int shape,
      int k,
      long a,
      long strideA,
      long b,
      long strideB,
      long c,
      long strideC,
      double alpha,
      boolean accumulate);

  /**
   * {@return the number by which a kernel knows a tile}
   *
   * @param blocking the kernel's blocking
   * @param rows from 1 to the blocking's rows
   * @param vectors from 1 to the blocking's vectors
   */
  static int shape(Blocking blocking, int rows, int vectors) {
    return (rows - 1) * blocking.vectors() + vectors - 1;
  }
}
