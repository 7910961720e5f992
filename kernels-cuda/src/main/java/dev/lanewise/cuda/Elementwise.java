package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Expr;
import java.util.List;

/** Expressions for each element, as kernels printed from their trees. */
final class Elementwise {
  private final CudaBackend backend;

  Elementwise(CudaBackend backend) {
    this.backend = backend;
  }

  /** Checks a call and runs it. */
  void run(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    ElementwiseSpec spec = ElementwiseSpec.of(exprs, outs, params, ins);
    if (spec.shape().size() == 0) {
      return;
    }
    for (boolean aliased : spec.aliased()) {
      if (aliased) {
        runWithCopies(spec, ins);
        return;
      }
    }
    ElementwiseCall call = ElementwiseCall.of(spec);
    if (call.arguments() > Arguments.MOST && call.key().splits()) {
      runDense(spec);
      return;
    }
    CudaDevice device = backend.device();
    try (Operation operation = device.begin("elementwise", call.arrays())) {
      Kernel kernel = device.kernels().of(call.key(), ElementwiseCall::print);
      Arguments arguments = device.arguments();
      call.pass(arguments, operation::address);
      long blocks = Grid.blocks(call.walk().size(), device.facts().multiprocessors());
      kernel.launch(blocks, Grid.THREADS, arguments);
    }
  }

  /** Arguments that an output lies over, but not exactly, are read before it is written. */
  private void runWithCopies(ElementwiseSpec spec, NdArray[] ins) {
    try (Scope _ = Scope.open("elementwise temporaries")) {
      NdArray[] copies = ins.clone();
      for (int i = 0; i < ins.length; i++) {
        if (spec.aliased()[i]) {
          copies[i] = backend.copied(ins[i]);
        }
      }
      run(spec.exprs(), spec.outs(), spec.params(), copies);
    }
  }

  /** More strides than a kernel can be given: of arrays without gaps it needs none. */
  private void runDense(ElementwiseSpec spec) {
    try (Scope _ = Scope.open("elementwise temporaries")) {
      NdArray[] ins = spec.ins().clone();
      for (int i = 0; i < ins.length; i++) {
        ins[i] = ins[i].layout().isContiguous() ? ins[i] : backend.copied(ins[i]);
      }
      NdArray[] outs = spec.outs().clone();
      for (int i = 0; i < outs.length; i++) {
        if (!outs[i].layout().isContiguous()) {
          outs[i] = backend.uninitialized(outs[i].dtype(), outs[i].shape());
        }
      }
      run(spec.exprs(), outs, spec.params(), ins);
      for (int i = 0; i < outs.length; i++) {
        if (outs[i] != spec.outs()[i]) {
          backend.copy(outs[i], spec.outs()[i]);
        }
      }
    }
  }
}
