package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;

/** The kernels of an element type, and the choice between them. */
final class BlockedGemm {
  /** For {@code float}. */
  private static final BlockedGemm F32 = new BlockedGemm(Blocking.of(Lanes.BITS, Element.F32));

  /** For {@code double}. */
  private static final BlockedGemm F64 = new BlockedGemm(Blocking.of(Lanes.BITS, Element.F64));

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

  /** {@return the kernels of an element type} */
  static BlockedGemm of(Element element) {
    return switch (element) {
      case F32 -> F32;
      case F64 -> F64;
    };
  }

  /** {@return how products are cut} */
  Blocking blocking() {
    return blocking;
  }

  /** {@return the register tiles} */
  TileKernel kernel() {
    return kernel;
  }

  /**
   * Computes {@code C = alpha · A · B}, or adds it to C if {@code beta} is not 0.
   *
   * @param product its extents are at least 1
   * @param workspace whose part the product is
   * @param tiled the workspace's
   */
  void multiply(Product product, Workspace workspace, TiledProduct tiled) {
    int bytes = product.element.bytes;
    boolean thin = product.oneRowOrColumn;
    boolean rowsOfA = product.csA == bytes || product.k == 1;
    boolean columnsOfB = product.rsB == bytes || product.k == 1;
    if (thin && product.n == 1 && rowsOfA) {
      dots.run(product, workspace);
      return;
    }
    if (thin && product.m == 1 && columnsOfB) {
      product.transpose();
      dots.run(product, workspace);
      return;
    }
    if (thin && product.n == 1 && product.rsA == bytes && product.rsC == bytes) {
      // A column of C that is also a row: Cᵀ = Bᵀ · Aᵀ uses whole vectors.
      product.transpose();
    }
    tiled.run(product, warmUp);
  }
}
