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
   * Computes {@code y = alpha · A · x}, or adds it to y.
   *
   * @param m rows of A and length of y
   * @param k columns of A and length of x
   * @param alpha the factor
   * @param a A's first element
   * @param strideA from one row of A to the next
   * @param x the first element of x
   * @param strideX from one element of x to the next
   * @param accumulate whether to add to y; if not, y is not read
   * @param y the first element of y
   * @param strideY from one element of y to the next
   */
  void run(
      int m,
      int k,
      double alpha,
      long a,
      long strideA,
      long x,
      long strideX,
      boolean accumulate,
      long y,
      long strideY) {
    Scratch scratch = Scratch.local();
    int tiles = Math.ceilDiv(m, blocking.rows());
    for (int p0 = 0, depth; p0 < k; p0 += depth) {
      depth = Math.min(CHUNK, k - p0);
      long part = x + p0 * strideX;
      if (strideX != element.bytes && depth > 1) {
        Pack.elements(element, part, 0, strideX, scratch.b, 0, 1, depth);
        part = scratch.b;
      }
      for (int t = 0; t < tiles; t++) {
        int i0 = TiledProduct.cut(m, t, tiles);
        int rows = TiledProduct.cut(m, t + 1, tiles) - i0;
        kernel.run(
            rows, depth, a + i0 * strideA + (long) p0 * element.bytes, strideA, part, scratch.tile);
        for (int r = 0; r < rows; r++) {
          long sum = scratch.tile + (long) r * element.bytes;
          finish(alpha, sum, accumulate || p0 > 0, y + (i0 + r) * strideY);
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
