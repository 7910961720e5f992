package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;

/**
 * The kernels of an element type, and the choice between them. Addresses and strides are in bytes;
 * nothing is checked.
 */
final class BlockedGemm {
  /** For {@code float}. */
  static final BlockedGemm F32 = new BlockedGemm(Blocking.of(Lanes.BITS, Element.F32));

  /** For {@code double}. */
  static final BlockedGemm F64 = new BlockedGemm(Blocking.of(Lanes.BITS, Element.F64));

  private final Blocking blocking;
  private final TileKernel kernel;
  private final Dots dots;
  private final WarmUp warmUp;

  private BlockedGemm(Blocking blocking) {
    this.blocking = blocking;
    this.kernel = TileCode.compile(blocking);
    this.dots = new Dots(blocking);
    this.warmUp = new WarmUp(blocking, kernel);
  }

  /** {@return what the matrices are made of} */
  Element element() {
    return blocking.element();
  }

  /**
   * Computes {@code C = alpha · A · B}, or adds it to C.
   *
   * @param m rows of A and C, at least 1
   * @param n columns of B and C, at least 1
   * @param k columns of A and rows of B, at least 1
   * @param alpha the factor
   * @param a A's first element
   * @param rsA from one row of A to the next
   * @param csA from one column of A to the next
   * @param b B's first element
   * @param rsB from one row of B to the next
   * @param csB from one column of B to the next
   * @param accumulate whether to add to C; if not, C is not read
   * @param c C's first element
   * @param rsC from one row of C to the next
   * @param oneRowOrColumn whether C, not only this part of it, is a row or a column: then products
   *     are summed in another order
   */
  void multiply(
      int m,
      int n,
      int k,
      double alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      boolean accumulate,
      long c,
      long rsC,
      boolean oneRowOrColumn) {
    int bytes = element().bytes;
    if (oneRowOrColumn && n == 1 && (csA == bytes || k == 1)) {
      dots.run(m, k, alpha, a, rsA, b, rsB, accumulate, c, rsC);
    } else if (oneRowOrColumn && m == 1 && (rsB == bytes || k == 1)) {
      dots.run(n, k, alpha, b, csB, a, csA, accumulate, c, bytes);
    } else if (oneRowOrColumn && n == 1 && rsA == bytes && rsC == bytes) {
      // A column of C that is also a row: Cᵀ = Bᵀ · Aᵀ uses whole vectors.
      tiled(1, m, k, alpha, b, bytes, rsB, a, csA, bytes, accumulate, c, rsC);
    } else {
      tiled(m, n, k, alpha, a, rsA, csA, b, rsB, csB, accumulate, c, rsC);
    }
  }

  private void tiled(
      int m,
      int n,
      int k,
      double alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      boolean accumulate,
      long c,
      long rsC) {
    var product =
        new TiledProduct(
            blocking, kernel, m, n, k, alpha, a, rsA, csA, b, rsB, csB, accumulate, c, rsC);
    product.warmUp(warmUp);
    product.run();
  }
}
