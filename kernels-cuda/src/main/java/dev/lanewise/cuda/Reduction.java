package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Sums, products, maxima and minima of expressions along axes, as kernels printed from their trees.
 */
final class Reduction {
  private final CudaBackend backend;

  Reduction(CudaBackend backend) {
    this.backend = backend;
  }

  /** Checks a call and runs it. */
  void run(ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    ReduceSpec spec = ReduceSpec.of(op, expr, axes, out, params, ins);
    if (out.size() == 0) {
      return;
    }
    if (spec.shape().size() == 0) {
      backend.elementwise(spec.identity(), out, params);
      return;
    }
    List<ReducePass> passes = ReducePass.of(spec);
    if (passes.getFirst().arguments() > Arguments.MOST) {
      runInTwoSteps(spec);
      return;
    }
    NdArray[] arrays = Arrays.copyOf(ins, ins.length + 1);
    arrays[ins.length] = out;
    try (Operation operation = backend.device().begin("reduce", arrays)) {
      long[] from = Arrays.stream(ins).mapToLong(operation::address).toArray();
      for (ReducePass pass : passes) {
        boolean last = pass == passes.getLast();
        long to =
            last
                ? operation.address(out)
                : operation.workspace(pass.results() * pass.key().out().byteSize());
        launch(pass, params, to, from);
        from = new long[] {to};
      }
    }
  }

  private void launch(ReducePass pass, double[] params, long out, long[] ins) {
    CudaDevice device = backend.device();
    Kernel kernel = device.kernels().of(pass.key(), ReduceCode::print);
    Arguments arguments = device.arguments();
    pass.pass(arguments, params, out, ins);
    kernel.launch(pass.blocks(), pass.threads(), arguments);
  }

  /** More strides than a kernel can be given: what is combined is computed first. */
  private void runInTwoSteps(ReduceSpec spec) {
    try (Scope _ = Scope.open("reduction temporaries")) {
      NdArray numbers = backend.uninitialized(spec.dtype(), spec.shape());
      backend.elementwise(spec.expr(), numbers, spec.params(), spec.ins());
      run(spec.op(), Expr.arg(0), spec.axes(), spec.out(), new double[0], numbers);
    }
  }
}
