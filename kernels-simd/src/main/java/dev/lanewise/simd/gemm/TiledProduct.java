package dev.lanewise.simd.gemm;

/**
 * Multiplication by register tiles: the loops around the tiles, and what is packed. One product is
 * computed at a time.
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
  private final Workspace scratch;
  private Product product;

  /** The tiles above one another; the first {@code tallTiles} have a row more than the others. */
  private int tiles;

  private int tileRows;
  private int tallTiles;

  /** The panels side by side; the first {@code widePanels} have a vector more than the others. */
  private int panels;

  private int panelVectors;
  private int widePanels;

  /** Whether tiles read A by rows; otherwise by columns, where it has unit row stride. */
  private boolean byRows;

  private boolean packA;
  private boolean packB;

  /**
   * Makes the loops around some tiles.
   *
   * @param kernels the tiles
   * @param scratch the buffers to pack into
   */
  TiledProduct(BlockedGemm kernels, Workspace scratch) {
    this.blocking = kernels.blocking();
    this.element = blocking.element();
    this.kernel = kernels.kernel();
    this.scratch = scratch;
  }

  /**
   * Computes C.
   *
   * @param product its extents are at least 1
   * @param warmUp gets the tiles compiled that it needs, if it is large
   */
  void run(Product product, WarmUp warmUp) {
    this.product = product;
    int m = product.m;
    int k = product.k;
    this.tiles = Math.ceilDiv(m, blocking.rows());
    this.tileRows = m / tiles;
    this.tallTiles = m % tiles;
    int vectors = Math.ceilDiv(product.n, blocking.lanes());
    this.panels = Math.ceilDiv(vectors, blocking.vectors());
    this.panelVectors = vectors / panels;
    this.widePanels = vectors % panels;
    this.byRows = product.csA == element.bytes || k == 1;
    this.packA = m != 1 && packsA();
    this.packB =
        product.rsB == 0
            || (product.csB != element.bytes && product.n != 1)
            || tiles > blocking.unpackedTiles();
    if ((long) panels * tiles * k >= WarmUp.WORTHWHILE_TURNS) {
      warmUp(warmUp);
    }
    blocks(k);
  }

  private void warmUp(WarmUp warmUp) {
    boolean transposed = product.csB != element.bytes && product.rsB == element.bytes;
    if (packB && transposed && Transpose.isFast(element.bytes)) {
      warmUp.transpose();
    }
    if (product.n % blocking.lanes() != 0) {
      warmUp.copies();
    }
    for (int rows = tileRows; rows <= tileRows + Math.min(1, tallTiles); rows++) {
      for (int width = panelVectors; width <= panelVectors + Math.min(1, widePanels); width++) {
        warmUp.tile(byRows, TileKernel.shape(blocking, rows, width));
      }
    }
  }

  /**
   * {@return whether tiles of A are copied} They must be if no stride fits the tiles. Where pages
   * lie between neighbours, few of them fit into the caches together, so that copying pays if more
   * than a few panels read the copy.
   */
  private boolean packsA() {
    if (byRows) {
      return product.rsA > TileKernel.MOST_STRIDE
          || (product.rsA >= FAR_ROWS && panels > FEW_PANELS);
    }
    return product.rsA != element.bytes
        || (product.csA * Math.min(product.k, blocking.depth()) >= FAR_COLUMNS
            && panels > FEW_PANELS);
  }

  private void blocks(int k) {
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
      long strip = product.a + i0 * product.rsA + p0 * product.csA;
      long rs = product.rsA;
      long cs = product.csA;
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
    long strideA = byRows ? product.rsA : product.csA;
    for (int panel = first; panel < end; panel++) {
      for (int t = 0; t < tiles; t++) {
        multiply(
            t,
            product.a + row(t) * product.rsA + p0 * product.csA,
            strideA,
            panel,
            first,
            p0,
            depth);
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
    int width = Math.min(count * lanes, product.n - j);
    boolean partial = width < count * lanes;
    long strideB = product.rsB;
    long panelB = product.b + p0 * product.rsB + j * product.csB;
    if (packB || partial) {
      long packed = scratch.b + (long) (v - vector(firstPanel)) * depth * blocking.vectorBytes();
      strideB = (long) count * blocking.vectorBytes();
      if (t == 0) {
        packB(panelB, packed, strideB, depth, width);
      }
      panelB = packed;
    }
    boolean add = product.beta != 0 || p0 > 0;
    int shape = TileKernel.shape(blocking, height, count);
    long tileC = product.c + i * product.rsC + (long) j * element.bytes;
    if (!partial) {
      tile(shape, depth, tileA, strideA, panelB, strideB, tileC, product.rsC, add);
      return;
    }
    // The last vector sticks out of C: on a copy.
    if (add) {
      Pack.rows(tileC, product.rsC, scratch.tile, strideB, height, width * element.bytes);
    }
    tile(shape, depth, tileA, strideA, panelB, strideB, scratch.tile, strideB, add);
    Pack.unpack(scratch.tile, strideB, tileC, product.rsC, height, width * element.bytes);
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
      kernel.rows(
          shape, depth, tileA, strideA, panelB, strideB, tileC, strideC, product.alpha, add);
    } else {
      kernel.columns(
          shape, depth, tileA, strideA, panelB, strideB, tileC, strideC, product.alpha, add);
    }
  }

  /** Copies some rows of A to where it has the given strides. */
  private void packA(long from, long rs, long cs, int rows, int depth) {
    if (byRows) {
      Pack.rows(from, product.rsA, scratch.a, rs, rows, depth * element.bytes);
    } else if (product.rsA == element.bytes) {
      Pack.rows(from, product.csA, scratch.a, cs, depth, rows * element.bytes);
    } else {
      Pack.elements(element, from, product.csA, product.rsA, scratch.a, cs, depth, rows);
    }
  }

  private void packB(long panel, long to, long stride, int depth, int width) {
    if (product.csB == element.bytes) {
      Pack.rows(panel, product.rsB, to, stride, depth, width * element.bytes);
    } else if (product.rsB == element.bytes) {
      Pack.columns(element, panel, product.csB, to, stride, depth, width);
    } else {
      Pack.elements(element, panel, product.rsB, product.csB, to, stride, depth, width);
    }
  }
}
