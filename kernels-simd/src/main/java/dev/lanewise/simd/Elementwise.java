package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Expr;
import java.util.List;

/** Runs elementwise expressions over arrays of any layout. */
final class Elementwise {
  private final Backend backend;
  private final Workers workers;
  private final Plans<LoopPlan> plans = new Plans<>();

  /**
   * Makes the family.
   *
   * @param backend copies arrays that a loop can not use as they are
   */
  Elementwise(Backend backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
  }

  /** Checks a call of one expression and runs it. */
  void run(Expr expr, NdArray out, double[] params, NdArray[] ins) {
    Signature call = Signature.of(null, 1).expr(expr).in(ins).over(out);
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain() || !plan.takes(params)) {
      plan = checked(plan, call, List.of(expr), new NdArray[] {out}, params, ins);
      if (plan == null) {
        return;
      }
    }
    plan.run(params, ins, out);
    plans.giveBack(plan);
  }

  /** Checks a call and runs it. */
  void run(List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    Signature call = signature(exprs, outs, ins);
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain() || !plan.takes(params)) {
      plan = checked(plan, call, exprs, outs, params, ins);
      if (plan == null) {
        return;
      }
    }
    plan.run(params, ins, outs);
    plans.giveBack(plan);
  }

  private static Signature signature(List<Expr> exprs, NdArray[] outs, NdArray[] ins) {
    Signature call = Signature.of(null, outs.length);
    for (int i = 0; i < exprs.size(); i++) {
      call.expr(exprs.get(i));
    }
    call.in(ins);
    for (NdArray out : outs) {
      call.over(out);
    }
    return call;
  }

  /** {@return a call to be made again} */
  Runnable prepared(List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    return new Runnable() {
      private boolean looked;
      private LoopPlan plan;

      @Override
      public void run() {
        if (!looked) {
          plan = planned(exprs, outs, params, ins);
          looked = true; // a call without a plan has none next time either
        }
        if (plan == null) {
          Elementwise.this.run(exprs, outs, params, ins);
        } else {
          plan.run(params, ins, outs);
        }
      }
    };
  }

  /** {@return a plan of one's own for a call; null if it needs more than a plan} */
  private LoopPlan planned(List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    ElementwiseSpec spec = ElementwiseSpec.of(exprs, outs, params, ins);
    Signature call = signature(exprs, outs, ins);
    boolean plain = call.isPlain() && !Masks.any(outs) && !Masks.any(ins);
    // Scalars of integer expressions are checked in each call.
    return plain && spec.shape().size() > 0 && spec.dtype().isCompute() ? plan(call, spec) : null;
  }

  /** {@return the call's plan, after it was checked; null if nothing is left to do} */
  private LoopPlan checked(
      LoopPlan known,
      Signature call,
      List<Expr> exprs,
      NdArray[] outs,
      double[] params,
      NdArray[] ins) {
    ElementwiseSpec spec = ElementwiseSpec.of(exprs, outs, params, ins);
    if (spec.shape().size() == 0) {
      return null;
    }
    if (Masks.any(outs) || Masks.any(ins)) {
      runWithMasks(spec, ins);
      return null;
    }
    for (int i = 0; i < ins.length; i++) {
      if (spec.aliased()[i]) {
        if (known != null) {
          plans.giveBack(known);
        }
        runWithCopies(spec, ins);
        return null;
      }
    }
    return known != null ? known : plan(call, spec);
  }

  private LoopPlan plan(Signature call, ElementwiseSpec spec) {
    int ins = spec.ins().length;
    LoopPlanner planner = new LoopPlanner(spec.dtype(), ins + spec.outs().length);
    planner.elementwise(
        spec.exprs(), LoopPlanner.operands(0, spec.ins()), LoopPlanner.operands(ins, spec.outs()));
    return planner.plan(call, spec.exprs(), workers);
  }

  private void runWithMasks(ElementwiseSpec spec, NdArray[] ins) {
    try (Scope _ = Scope.open("elementwise temporaries")) {
      Masks masks = new Masks(backend, spec.dtype());
      NdArray[] numbers = masks.outputs(spec.outs());
      run(spec.exprs(), numbers, spec.params(), masks.inputs(ins));
      masks.finish(numbers, spec.outs());
    }
  }

  /** Arguments that an output lies over, but not exactly, are read before it is written. */
  private void runWithCopies(ElementwiseSpec spec, NdArray[] ins) {
    try (Scope _ = Scope.open("elementwise temporaries")) {
      NdArray[] copies = ins.clone();
      for (int i = 0; i < ins.length; i++) {
        if (spec.aliased()[i]) {
          copies[i] = backend.uninitialized(ins[i].dtype(), ins[i].shape());
          backend.copy(ins[i], copies[i]);
        }
      }
      run(spec.exprs(), spec.outs(), spec.params(), copies);
    }
  }
}
