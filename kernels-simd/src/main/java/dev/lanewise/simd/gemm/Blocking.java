package dev.lanewise.simd.gemm;

/**
 * How a multiplication is cut: register tiles of {@code rows × vectors} accumulators, {@code depth}
 * products per visit to C, and blocks of B of {@code blockPanels} panels.
 *
 * @param bits the width of a vector
 * @param element what the matrices are made of
 * @param rows the most rows of a register tile
 * @param vectors the most vectors in a row of a register tile
 * @param depth the most products summed in registers; it alone decides the bits of the result
 * @param blockPanels the most panels of B, each as wide as a tile, that are packed at a time
 * @param unpackedTiles up to how many tiles above one another read B where it lies. A line of the
 *     narrower panels holds less of what comes next, and long strides throw them out of the cache.
 */
record Blocking(
    int bits,
    Element element,
    int rows,
    int vectors,
    int depth,
    int blockPanels,
    int unpackedTiles) {
  /**
   * How many tiles of A are packed at a time, so that whole cache lines of its columns are read.
   */
  static final int TILES_OF_A = 8;

  private static final int CACHE_LINE = 64;

  /** Refuses what has no kernel or no buffer. */
  Blocking {
    assert rows >= 1 && vectors >= 1 && depth >= 1 && blockPanels >= 1;
  }

  /**
   * {@return the blocking that was measured best for a vector width}
   *
   * @param bits 128, 256 or 512
   * @param element what the matrices are made of
   */
  static Blocking of(int bits, Element element) {
    return switch (bits) {
      // 12 accumulators, 2 vectors of B and a broadcast fill the 16 registers of SSE and AVX2.
      case 128 -> new Blocking(bits, element, 6, 2, 512, 64, 16);
      case 256 -> new Blocking(bits, element, 6, 2, 512, 64, 16);
      // 24 of 32 registers. 8 rows keep both FMA units busy (4 cycles each) even for one vector.
      // 16 panels fill 3/4 of a second-level cache of 1 MB.
      case 512 -> new Blocking(bits, element, 8, 3, 256, 16, 32);
      default -> throw new IllegalArgumentException("no blocking for vectors of " + bits + " bits");
    };
  }

  /** {@return the size of a vector in bytes} */
  int vectorBytes() {
    return bits / Byte.SIZE;
  }

  /** {@return the number of elements in a vector} */
  int lanes() {
    return vectorBytes() / element.bytes;
  }

  /** {@return the columns of a full register tile} */
  int columns() {
    return vectors * lanes();
  }

  /** {@return the size in bytes of a row of a full register tile} */
  int panelBytes() {
    return vectors * vectorBytes();
  }

  /** {@return the stride of rows of A that are packed so; they begin in different cache sets} */
  long packedRowOfA() {
    return (long) depth * element.bytes + CACHE_LINE;
  }

  /** {@return the stride of columns of A that are packed so} */
  long packedColumnOfA(int height) {
    return Math.ceilDiv(height * element.bytes, CACHE_LINE) * (long) CACHE_LINE;
  }

  /** {@return the bytes of packed tiles of A, by rows or by columns} */
  long packedBytesOfA() {
    int height = TILES_OF_A * rows;
    return Math.max(height * packedRowOfA(), depth * packedColumnOfA(height));
  }

  /** {@return the bytes of a packed block of B} */
  long packedBytesOfB() {
    return (long) blockPanels * panelBytes() * depth;
  }
}
