package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import java.util.List;

/** A mapped product as two calls of a backend, with memory of its own for the product. */
final class MappedMatmul implements Runnable {
  private final Backend backend;
  private final double alpha;
  private final List<Expr> exprs;
  private final NdArray[] outs;
  private final double[] params;
  private final NdArray[] ins;
  private final NdArray[] arguments;

  MappedMatmul(
      Backend backend,
      double alpha,
      List<Expr> exprs,
      NdArray[] outs,
      double[] params,
      NdArray[] ins) {
    this.backend = backend;
    this.alpha = alpha;
    this.exprs = exprs;
    this.outs = outs;
    this.params = params;
    this.ins = ins;
    this.arguments = new NdArray[ins.length - 1];
  }

  @Override
  public void run() {
    if (arguments[0] == null) {
      MappedMatmulSpec.of(exprs, outs, params, ins);
      arguments[0] = Scope.outside(() -> backend.uninitialized(outs[0].dtype(), outs[0].shape()));
    }
    System.arraycopy(ins, 2, arguments, 1, ins.length - 2);
    backend.matmul(ins[0], ins[1], alpha, 0, arguments[0]);
    backend.elementwise(exprs, outs, params, arguments);
  }
}
