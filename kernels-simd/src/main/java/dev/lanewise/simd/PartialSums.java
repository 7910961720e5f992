package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;

/** Adds up one axis of a matrix without gaps, as a {@link Reduction} does, again and again. */
final class PartialSums {
  private static final List<Expr> ELEMENT = List.of(Expr.arg(0));
  private static final double[] NO_PARAMS = {};

  private final LoopKernel kernel;
  private final Tiles tiles;
  private final long[] addresses = new long[2];

  private PartialSums(Form form, DType dtype, long[] dims, long[] outStrides) {
    long[][] strides = {{dims[1], 1}, outStrides};
    this.kernel = Kernels.get(form, dtype, ELEMENT, ReduceOp.SUM, new boolean[] {false});
    this.tiles = new Tiles(form, new Nest(null, dtype, dims, addresses, strides));
  }

  /** {@return the sum of some parts, element by element; there are few} */
  static PartialSums ofParts(DType dtype, long parts, long elements) {
    return elements == 1
        ? ofRows(dtype, 1, parts)
        : new PartialSums(Form.COLUMN, dtype, new long[] {parts, elements}, new long[] {0, 1});
  }

  /** {@return the sum of each of some short rows} */
  static PartialSums ofRows(DType dtype, long rows, long length) {
    return new PartialSums(Form.ROW, dtype, new long[] {rows, length}, new long[] {1, 0});
  }

  /** Adds up what is at one address, and writes to another. */
  void run(long from, long to, Workers workers) {
    addresses[0] = from;
    addresses[1] = to;
    tiles.run(kernel, addresses, NO_PARAMS, workers);
  }
}
