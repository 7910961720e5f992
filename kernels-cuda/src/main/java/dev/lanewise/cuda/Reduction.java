package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;

/**
 * Sums, products, maxima and minima of expressions along axes, as kernels printed from their trees.
 */
final class Reduction {
  private final CudaBackend backend;

  Reduction(CudaBackend backend) {
    this.backend = backend;
  }

  void run(ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    throw new UnsupportedOperationException("to be written");
  }
}
