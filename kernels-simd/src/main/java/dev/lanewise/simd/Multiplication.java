package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.EpilogueSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.MatmulSpec;

/**
 * Matrix products over arrays of any layout and any number of batch axes. Arguments of f16 and bf16
 * are cast to f32 before, as the vectors compute in that.
 */
final class Multiplication {
  private static final NdArray[] NO_ARRAYS = {};
  private static final double[] NO_PARAMS = {};

  private final Backend backend;
  private final Workers workers;
  private final Plans<MultiplicationPlan> plans = new Plans<>();

  /**
   * Makes the family.
   *
   * @param backend computes what can not be computed together with a product
   */
  Multiplication(Backend backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
  }

  /** Checks a call and computes a product. */
  void run(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    if (!a.dtype().isCompute()) {
      MatmulSpec.of(a, b, out);
      try (Scope _ = Scope.open("matmul temporaries")) {
        run(cast(a), cast(b), alpha, beta, out);
      }
      return;
    }
    Signature call = Signature.of(null, 0).in(a).in(b).out(out);
    MultiplicationPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      MatmulSpec spec = MatmulSpec.of(a, b, out);
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = new MultiplicationPlan(call, spec, null, workers);
      }
    }
    plan.run(a, b, alpha, beta, out, NO_PARAMS, NO_ARRAYS);
    plans.giveBack(plan);
  }

  /** Checks a call, computes a product, and an expression from each of its elements. */
  void run(
      NdArray a,
      NdArray b,
      double alpha,
      double beta,
      NdArray out,
      Expr expr,
      double[] params,
      NdArray[] ins) {
    if (!a.dtype().isCompute()) {
      EpilogueSpec.of(a, b, out, expr, params, ins);
      try (Scope _ = Scope.open("matmul temporaries")) {
        run(cast(a), cast(b), alpha, beta, out, expr, params, ins);
      }
      return;
    }
    Signature call = Signature.of(null, params.length).expr(expr).in(a).in(b).in(ins).out(out);
    MultiplicationPlan plan = plans.lend(call);
    NdArray[] arguments = NO_ARRAYS;
    if (plan == null || !call.isPlain() || !plan.isFused()) {
      EpilogueSpec spec = EpilogueSpec.of(a, b, out, expr, params, ins);
      arguments = spec.arguments();
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = new MultiplicationPlan(call, spec.product(), epilogue(expr, arguments), workers);
      }
    }
    plan.run(a, b, alpha, beta, out, params, ins);
    if (!plan.isFused()) {
      backend.elementwise(expr, out, params, arguments);
    }
    plans.giveBack(plan);
  }

  /** {@return a call to be made again; its arrays are the factors and the epilogue's arguments} */
  Runnable prepared(
      double alpha, double beta, NdArray[] out, Expr expr, double[] params, NdArray[] ins) {
    return new Runnable() {
      private final NdArray[] more = new NdArray[ins.length - 2];
      private boolean looked;
      private MultiplicationPlan plan;

      @Override
      public void run() {
        System.arraycopy(ins, 2, more, 0, more.length);
        if (!looked) {
          plan = planned(out[0], expr, params, ins, more);
          looked = true; // a call without a plan has none next time either
        }
        if (plan != null) {
          plan.run(ins[0], ins[1], alpha, beta, out[0], params, more);
        } else if (expr == null) {
          Multiplication.this.run(ins[0], ins[1], alpha, beta, out[0]);
        } else {
          Multiplication.this.run(ins[0], ins[1], alpha, beta, out[0], expr, params, more);
        }
      }
    };
  }

  /** {@return a plan of one's own for a call; null if it needs more than a plan} */
  private MultiplicationPlan planned(
      NdArray out, Expr expr, double[] params, NdArray[] ins, NdArray[] more) {
    if (!ins[0].dtype().isCompute() || out.size() == 0) {
      return null;
    }
    if (expr == null) {
      Signature call = Signature.of(null, 0).in(ins[0]).in(ins[1]).out(out);
      return new MultiplicationPlan(call, MatmulSpec.of(ins[0], ins[1], out), null, workers);
    }
    EpilogueSpec spec = EpilogueSpec.of(ins[0], ins[1], out, expr, params, more);
    Signature call = Signature.of(null, params.length).expr(expr).in(ins).out(out);
    Epilogue epilogue = epilogue(expr, spec.arguments());
    return epilogue == null
        ? null
        : new MultiplicationPlan(call, spec.product(), epilogue, workers);
  }

  private NdArray cast(NdArray x) {
    NdArray wide = backend.uninitialized(DType.F32, x.shape());
    backend.copy(x, wide);
    return wide;
  }

  /** {@return what follows each block, or null if blocks are not computed where they lie} */
  private static Epilogue epilogue(Expr expr, NdArray[] arguments) {
    NdArray out = arguments[0];
    int last = out.shape().rank() - 1;
    if (out.shape().dim(last) != 1 && out.layout().stride(last) != 1) {
      return null;
    }
    Layout[] layouts = new Layout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = arguments[i].layout();
    }
    return Epilogue.of(out.dtype(), expr, layouts);
  }
}
