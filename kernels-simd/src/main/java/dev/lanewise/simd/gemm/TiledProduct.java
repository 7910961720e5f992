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
  // Measured: 1,024 rows of 4 KB are better read where they lie, 2,048 rows of 8 KB are not.
  private static final long FAR_ROWS = 8192;

  // The columns of a tile that lie over a MB fall on a few sets of the caches.
  private static final long FAR_COLUMNS = 1 << 20;

  private static final int FEW_PANELS = 4;

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

  /** The tiles above one another; the first {@code tallTiles} have a row more than the others. */
  private final int tiles;

  private final int tileRows;
  private final int tallTiles;

  /** The panels side by side; the first {@code widePanels} have a vector more than the others. */
  private final int panels;

  private final int panelVectors;
  private final int widePanels;

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
    this.tileRows = m / tiles;
    this.tallTiles = m % tiles;
    int vectors = Math.ceilDiv(n, blocking.lanes());
    this.panels = Math.ceilDiv(vectors, blocking.vectors());
    this.panelVectors = vectors / panels;
    this.widePanels = vectors % panels;
    this.byRows = csA == element.bytes || k == 1;
    this.packA = m != 1 && packsA();
    this.packB = rsB == 0 || (csB != element.bytes && n != 1) || tiles > blocking.unpackedTiles();
  }

  /**
   * {@return whether tiles of A are copied} They must be if no stride fits the tiles. Where pages
   * lie between neighbours, few of them fit into the caches together, so that copying pays if more
   * than a few panels read the copy.
   */
  private boolean packsA() {
    if (byRows) {
      return rsA > TileKernel.MOST_STRIDE || (rsA >= FAR_ROWS && panels > FEW_PANELS);
    }
    return rsA != element.bytes
        || (csA * Math.min(k, blocking.depth()) >= FAR_COLUMNS && panels > FEW_PANELS);
  }

  /** Gets the tiles that this product needs compiled, if it is large. */
  void warmUp(WarmUp warmUp) {
    warmUp.before(tiles, tileRows, tallTiles, panels, panelVectors, widePanels, k, byRows);
  }

  /** Computes C. */
  void run() {
    int blocksOfK = Math.ceilDiv(k, blocking.depth());
    int blocksOfB = Math.ceilDiv(panels, blocking.blockPanels());
    for (int blockOfB = 0; blockOfB < blocksOfB; blockOfB++) {
      int first = cut(panels, blockOfB, blocksOfB);
      int end = cut(panels, blockOfB + 1, blocksOfB);
      for (int blockOfK = 0; blockOfK < blocksOfK; blockOfK++) {
        int p0 = cut(k, blockOfK, blocksOfK);
        int depth = cut(k, blockOfK + 1, blocksOfK) - p0;
        if (packA || packB) {
          tileByTile(first, end, p0, depth);
        } else {
          panelByPanel(first, end, p0, depth);
        }
      }
    }
  }

  /** {@return where part {@code index} of {@code parts} equal ones begins} */
  static int cut(int length, int index, int parts) {
    return (int) ((long) length * index / parts);
  }

  /** {@return the first row of a tile} */
  private int row(int tile) {
    return tile * tileRows + Math.min(tile, tallTiles);
  }

  /** {@return the first vector of a panel} */
  private int vector(int panel) {
    return panel * panelVectors + Math.min(panel, widePanels);
  }

  /** Packed panels lie in the second-level cache while each tile of A meets them all. */
  private void tileByTile(int first, int end, int p0, int depth) {
    for (int t0 = 0, t1; t0 < tiles; t0 = t1) {
      t1 = packA ? Math.min(tiles, t0 + Blocking.TILES_OF_A) : tiles;
      int i0 = row(t0);
      long strip = a + i0 * rsA + p0 * csA;
      long rs = rsA;
      long cs = csA;
      if (packA) {
        int height = row(t1) - i0;
        rs = byRows ? blocking.packedRowOfA() : element.bytes;
        cs = byRows ? element.bytes : blocking.packedColumnOfA(height);
        packA(strip, rs, cs, height, depth);
        strip = scratch.a;
      }
      for (int t = t0; t < t1; t++) {
        long tileA = strip + (row(t) - i0) * rs;
        for (int panel = first; panel < end; panel++) {
          multiply(t, tileA, byRows ? rs : cs, panel, first, p0, depth);
        }
      }
    }
  }

  /** A panel of B that is read where it lies stays in the first-level cache for all tiles. */
  private void panelByPanel(int first, int end, int p0, int depth) {
    long strideA = byRows ? rsA : csA;
    for (int panel = first; panel < end; panel++) {
      for (int t = 0; t < tiles; t++) {
        multiply(t, a + row(t) * rsA + p0 * csA, strideA, panel, first, p0, depth);
      }
    }
  }

  /**
   * One register tile.
   *
   * @param t its number from the top; the first packs the panel if it must be packed
   * @param tileA A's part
   * @param strideA between A's rows or columns
   * @param panel which panel of B
   * @param firstPanel the one that lies at the start of the packed block
   * @param p0 the first product
   * @param depth how many products
   */
  private void multiply(
      int t, long tileA, long strideA, int panel, int firstPanel, int p0, int depth) {
    int lanes = blocking.lanes();
    int i = row(t);
    int height = row(t + 1) - i;
    int v = vector(panel);
    int count = vector(panel + 1) - v;
    int j = v * lanes;
    int width = Math.min(count * lanes, n - j);
    boolean partial = width < count * lanes;
    long strideB = rsB;
    long panelB = b + p0 * rsB + j * csB;
    if (packB || partial) {
      long packed = scratch.b + (long) (v - vector(firstPanel)) * depth * blocking.vectorBytes();
      strideB = (long) count * blocking.vectorBytes();
      if (t == 0) {
        packB(panelB, packed, strideB, depth, width);
      }
      panelB = packed;
    }
    boolean add = accumulate || p0 > 0;
    int shape = TileKernel.shape(blocking, height, count);
    long tileC = c + i * rsC + (long) j * element.bytes;
    if (!partial) {
      tile(shape, depth, tileA, strideA, panelB, strideB, tileC, rsC, add);
      return;
    }
    // The last vector sticks out of C: on a copy.
    if (add) {
      Pack.rows(tileC, rsC, scratch.tile, strideB, height, width * element.bytes);
    }
    tile(shape, depth, tileA, strideA, panelB, strideB, scratch.tile, strideB, add);
    Pack.unpack(scratch.tile, strideB, tileC, rsC, height, width * element.bytes);
  }

  private void tile(
      int shape,
      int depth,
      long tileA,
      long strideA,
      long panelB,
      long strideB,
      long tileC,
      long strideC,
      boolean add) {
    if (byRows) {
      kernel.rows(shape, depth, tileA, strideA, panelB, strideB, tileC, strideC, alpha, add);
    } else {
      kernel.columns(shape, depth, tileA, strideA, panelB, strideB, tileC, strideC, alpha, add);
    }
  }

  /** Copies some rows of A to where it has the given strides. */
  private void packA(long from, long rs, long cs, int rows, int depth) {
    if (byRows) {
      Pack.rows(from, rsA, scratch.a, rs, rows, depth * element.bytes);
    } else if (rsA == element.bytes) {
      Pack.rows(from, csA, scratch.a, cs, depth, rows * element.bytes);
    } else {
      Pack.elements(element, from, csA, rsA, scratch.a, cs, depth, rows);
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
