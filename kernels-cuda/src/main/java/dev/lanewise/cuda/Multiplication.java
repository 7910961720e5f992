package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;

/** Products of matrices by cuBLAS, with bias and activation by cuBLASLt. */
final class Multiplication {
  private final CudaBackend backend;

  Multiplication(CudaBackend backend) {
    this.backend = backend;
  }

  void run(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void run(
      NdArray a,
      NdArray b,
      double alpha,
      double beta,
      NdArray out,
      Expr epilogue,
      double[] params,
      NdArray... ins) {
    throw new UnsupportedOperationException("to be written");
  }
}
