package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.simd.gemm.Product;

/** The numbers of a tile of queries and keys; each belongs to one task while it runs. */
final class AttentionTile {
  /** Queries and keys of a tile: its scores are 64 KB of float. */
  static final int QUERIES = 64;

  static final int KEYS = 256;

  private static final int MOST_OPERANDS = 8;
  private static final double[] NONE = {};

  private final DType dtype;
  private final int bytes;
  private final Product product = new Product();
  private final long[] pointers = new long[2 * MOST_OPERANDS];

  private int operands;

  // Where rows of keys, rows of columns, and one number for each query are, in the call's memory.
  long scores;
  long grads;
  long sums;
  long largest;
  long part;
  long shift;
  long share;
  long total;

  AttentionTile(DType dtype) {
    this.dtype = dtype;
    this.bytes = dtype.byteSize();
  }

  /** {@return how much memory a tile takes whose sums have so many columns} */
  static long memoryBytes(DType dtype, int columns) {
    long bytes = dtype.byteSize();
    return 2 * QUERIES * KEYS * bytes
        + Scratch.aligned(bytes * QUERIES * columns)
        + 5 * QUERIES * bytes;
  }

  /** Says where the tile's memory is in the next call. */
  void place(long address, int columns) {
    long scoreBytes = (long) QUERIES * KEYS * bytes;
    long rowBytes = (long) QUERIES * bytes;
    scores = address;
    grads = scores + scoreBytes;
    sums = grads + scoreBytes;
    largest = sums + Scratch.aligned((long) QUERIES * columns * bytes);
    part = largest + rowBytes;
    shift = part + rowBytes;
    share = shift + rowBytes;
    total = share + rowBytes;
  }

  /** {@return this, with the next operand of a loop: its address, and its step between rows} */
  AttentionTile with(long address, long step) {
    pointers[2 * operands] = address;
    pointers[2 * operands + 1] = step * bytes;
    operands++;
    return this;
  }

  /** Runs a loop over rows and columns of the operands named since the last one. */
  void run(AttentionLoop loop, double[] params, int rows, int columns) {
    loop.of(dtype).run(pointers, params, rows, columns);
    operands = 0;
  }

  /** Runs a loop without scalars. */
  void run(AttentionLoop loop, int rows, int columns) {
    run(loop, NONE, rows, columns);
  }

  /** Writes one number again and again: too short a work for a loop of its own. */
  void fill(long address, long count, double value) {
    Bytes.fill(dtype, value, address, count);
  }

  /** {@return a product of matrices; its operands are to be told} */
  Product product(int m, int n, int k) {
    return product.of(dtype, m, n, k);
  }
}
