package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.Addresses.ALL;

import java.lang.foreign.ValueLayout;

/**
 * A matrix with unit column stride times a vector, as one dot product for each row. Addresses and
 * strides are in bytes.
 */
final class Dots {
  /** The part of a row that is multiplied at a time; it decides the bits of the result. */
  private static final int CHUNK = 16_384;

  private final Blocking blocking;
  private final Element element;
  private final DotsKernel kernel;

  /**
   * Makes a kernel and the loops around it.
   *
   * @param blocking the vectors to use
   */
  Dots(Blocking blocking) {
    this.blocking = blocking;
    this.element = blocking.element();
    this.kernel = DotsCode.compile(blocking);
  }

  /**
   * Computes a product whose result is a column.
   *
   * @param y the product; A has unit column stride
   * @param workspace whose buffers to use
   */
  void run(Product y, Workspace workspace) {
    int tiles = Math.ceilDiv(y.m, blocking.rows());
    for (int p0 = 0, depth; p0 < y.k; p0 += depth) {
      depth = Math.min(CHUNK, y.k - p0);
      boolean add = y.beta != 0 || p0 > 0;
      long x = y.b + p0 * y.rsB;
      if (y.rsB != element.bytes && depth > 1) {
        Pack.elements(element, x, 0, y.rsB, workspace.b, 0, 1, depth);
        x = workspace.b;
      }
      for (int t = 0; t < tiles; t++) {
        int i0 = TiledProduct.cut(y.m, t, tiles);
        int rows = TiledProduct.cut(y.m, t + 1, tiles) - i0;
        long a = y.a + i0 * y.rsA + (long) p0 * element.bytes;
        kernel.run(rows, depth, a, y.rsA, x, workspace.tile);
        for (int r = 0; r < rows; r++) {
          long sum = workspace.tile + (long) r * element.bytes;
          finish(y.alpha, sum, add, y.c + (i0 + r) * y.rsC);
        }
      }
    }
  }

  private void finish(double alpha, long sum, boolean accumulate, long y) {
    switch (element) {
      case F32 -> {
        ValueLayout.OfFloat type = ValueLayout.JAVA_FLOAT_UNALIGNED;
        float old = accumulate ? ALL.get(type, y) : 0;
        ALL.set(type, y, (float) alpha * ALL.get(type, sum) + old);
      }
      case F64 -> {
        ValueLayout.OfDouble type = ValueLayout.JAVA_DOUBLE_UNALIGNED;
        double old = accumulate ? ALL.get(type, y) : 0;
        ALL.set(type, y, alpha * ALL.get(type, sum) + old);
      }
    }
  }
}
