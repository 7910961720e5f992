package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import java.util.List;

/** Expressions for each element, as kernels printed from their trees. */
final class Elementwise {
  private final CudaBackend backend;

  Elementwise(CudaBackend backend) {
    this.backend = backend;
  }

  void run(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    throw new UnsupportedOperationException("to be written");
  }
}
