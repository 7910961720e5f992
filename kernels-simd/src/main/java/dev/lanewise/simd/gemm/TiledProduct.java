package dev.lanewise.simd.gemm;

/**
 * One multiplication by register tiles: the loops around the tiles, and what is packed. Addresses
 * and strides are in bytes.
 *
 * <p>Each element of C is {@code ((C + alpha·s₀) + alpha·s₁) + …}, where each sum runs over at most
 * {@link Blocking#depth} products in order, in one lane. How a problem is cut into blocks, tiles
 * and tasks, and what is packed, therefore changes no bit.
 */
final class TiledProduct {
  private final Blocking blocking;
  private final Element element;
  private final TileKernel kernel;
  private final Scratch scratch = Scratch.local();
  private final int m;
  private final int n;
  private final int k;
  private final double alpha;
  private final long a;
  private final long rsA;
  private final long csA;
  private final long b;
  private final long rsB;
  private final long csB;
  private final boolean accumulate;
  private final long c;
  private final long rsC;

  /** The number of tiles above one another; their heights differ by at most one row. */
  private final int tiles;

  /** Whether tiles read A by rows; otherwise by columns, where it has unit row stride. */
  private final boolean byRows;

  private final boolean packA;
  private final boolean packB;

  /**
   * Describes {@code C = alpha · A · B}, or with {@code accumulate} {@code C += alpha · A · B}.
   *
   * @param blocking how to cut it
   * @param kernel the blocking's tiles
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
   */
  TiledProduct(
      Blocking blocking,
      TileKernel kernel,
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
    this.blocking = blocking;
    this.element = blocking.element();
    this.kernel = kernel;
    this.m = m;
    this.n = n;
    this.k = k;
    this.alpha = alpha;
    this.a = a;
    this.rsA = rsA;
    this.csA = csA;
    this.b = b;
    this.rsB = rsB;
    this.csB = csB;
    this.accumulate = accumulate;
    this.c = c;
    this.rsC = rsC;
    this.tiles = Math.ceilDiv(m, blocking.rows());
    this.byRows = csA == element.bytes || k == 1;
    this.packA = !byRows && rsA != element.bytes && m != 1;
    this.packB = rsB == 0 || (csB != element.bytes && n != 1) || tiles > blocking.unpackedTiles();
  }

  /** Gets the tiles that this product needs compiled, if it is large. */
  void warmUp(WarmUp warmUp) {
    warmUp.before(m, n, k, byRows);
  }

  /** Computes C. */
  void run() {
    int blockColumns = blocking.blockVectors() * blocking.lanes();
    int blockTiles = blocking.blockRows() / blocking.rows();
    int blocksOfK = Math.ceilDiv(k, blocking.depth());
    for (int j0 = 0, j1; j0 < n; j0 = j1) {
      j1 = j0 + Math.min(n - j0, blockColumns);
      for (int blockOfK = 0; blockOfK < blocksOfK; blockOfK++) {
        int p0 = cut(k, blockOfK, blocksOfK);
        int depth = cut(k, blockOfK + 1, blocksOfK) - p0;
        for (int t0 = 0; t0 < tiles; t0 += blockTiles) {
          block(t0, Math.min(tiles, t0 + blockTiles), j0, j1, p0, depth);
        }
      }
    }
  }

  /** {@return where part {@code index} of {@code parts} equal ones begins} */
  static int cut(int length, int index, int parts) {
    return (int) ((long) length * index / parts);
  }

  /** Some tiles of A times some panels of B; each panel meets all tiles while it is in cache. */
  private void block(int t0, int t1, int j0, int j1, int p0, int depth) {
    if (packA) {
      packA(t0, t1, p0, depth);
    }
    for (int j = j0; j < j1; j += blocking.columns()) {
      int width = Math.min(blocking.columns(), j1 - j);
      int vectors = Math.ceilDiv(width, blocking.lanes());
      boolean partial = width < vectors * blocking.lanes();
      long panel = b + p0 * rsB + j * csB;
      long stride = rsB;
      if (packB || partial) {
        long packed = scratch.b + (long) (j - j0) * depth * element.bytes;
        stride = (long) vectors * blocking.vectorBytes();
        if (t0 == 0) {
          packB(panel, packed, stride, depth, width);
        }
        panel = packed;
      }
      for (int t = t0; t < t1; t++) {
        int i = cut(m, t, tiles);
        int height = cut(m, t + 1, tiles) - i;
        int shape = TileKernel.shape(blocking, height, vectors);
        long tileA =
            packA
                ? scratch.a + (long) (i - cut(m, t0, tiles)) * depth * element.bytes
                : a + i * rsA + p0 * csA;
        long tileC = c + i * rsC + (long) j * element.bytes;
        if (partial) {
          partialTile(shape, height, width, depth, tileA, panel, stride, tileC, p0 > 0);
        } else {
          tile(shape, height, depth, tileA, panel, stride, tileC, rsC, p0 > 0);
        }
      }
    }
  }

  private void tile(
      int shape,
      int height,
      int depth,
      long tileA,
      long panel,
      long stride,
      long tileC,
      long strideC,
      boolean again) {
    boolean add = accumulate || again;
    if (byRows) {
      kernel.rows(shape, depth, tileA, rsA, panel, stride, tileC, strideC, alpha, add);
    } else {
      long strideA = packA ? (long) height * element.bytes : csA;
      kernel.columns(shape, depth, tileA, strideA, panel, stride, tileC, strideC, alpha, add);
    }
  }

  /** A tile whose last vector sticks out of C: on a copy. */
  private void partialTile(
      int shape,
      int height,
      int width,
      int depth,
      long tileA,
      long panel,
      long stride,
      long tileC,
      boolean again) {
    int bytes = width * element.bytes;
    if (accumulate || again) {
      Pack.rows(tileC, rsC, scratch.tile, stride, height, bytes);
    }
    tile(shape, height, depth, tileA, panel, stride, scratch.tile, stride, again);
    Pack.unpack(scratch.tile, stride, tileC, rsC, height, bytes);
  }

  /** Packs tiles of A one behind the other, each by columns. */
  private void packA(int t0, int t1, int p0, int depth) {
    int first = cut(m, t0, tiles);
    for (int t = t0; t < t1; t++) {
      int i = cut(m, t, tiles);
      int height = cut(m, t + 1, tiles) - i;
      Pack.elements(
          element,
          a + i * rsA + p0 * csA,
          csA,
          rsA,
          scratch.a + (long) (i - first) * depth * element.bytes,
          (long) height * element.bytes,
          depth,
          height);
    }
  }

  private void packB(long panel, long to, long stride, int depth, int width) {
    if (csB == element.bytes) {
      Pack.rows(panel, rsB, to, stride, depth, width * element.bytes);
    } else if (rsB == element.bytes) {
      Pack.columns(element, panel, csB, to, stride, depth, width);
    } else {
      Pack.elements(element, panel, rsB, csB, to, stride, depth, width);
    }
  }
}
