package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import dev.lanewise.simd.LoopPlanner.Operand;
import java.util.List;

/** Runs reductions over any axes of arrays of any layout. */
final class Reduction {
  /** Of axes that are not one bit each: such a call's plan is not kept. */
  private static final int UNKNOWN_AXES = -1;

  private final Backend backend;
  private final Workers workers;
  private final Plans<LoopPlan> plans = new Plans<>();

  /**
   * Makes the family.
   *
   * @param backend computes what is no reduction: an output of no elements
   */
  Reduction(Backend backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
  }

  /** Checks a call and runs it. */
  void run(ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray[] ins) {
    int bits = bits(axes, ins);
    Signature call = Signature.of(op, bits).expr(expr).in(ins).out(out);
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain() || !plan.takes(params)) {
      ReduceSpec spec = ReduceSpec.of(op, expr, axes, out, params, ins);
      if (plan == null) {
        plan = plan(call, spec, ins);
        if (plan == null) {
          return;
        }
      }
    }
    plan.run(params, ins, out);
    if (bits != UNKNOWN_AXES) {
      plans.giveBack(plan);
    }
  }

  /** {@return a call to be made again} */
  Runnable prepared(
      ReduceOp op, Expr expr, int[] axes, NdArray[] out, double[] params, NdArray[] ins) {
    return new Runnable() {
      private boolean looked;
      private LoopPlan plan;

      @Override
      public void run() {
        if (!looked) {
          plan = planned(op, expr, axes, out[0], params, ins);
          looked = true; // a call without a plan has none next time either
        }
        if (plan == null) {
          Reduction.this.run(op, expr, axes, out[0], params, ins);
        } else {
          plan.run(params, ins, out[0]);
        }
      }
    };
  }

  /** {@return a plan of one's own for a call; null if it needs more than a plan} */
  private LoopPlan planned(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray[] ins) {
    ReduceSpec spec = ReduceSpec.of(op, expr, axes, out, params, ins);
    Signature call = Signature.of(op, bits(axes, ins)).expr(expr).in(ins).out(out);
    boolean plain = call.isPlain() && !Masks.any(out) && !Masks.any(ins);
    // Scalars of integer expressions are checked in each call.
    boolean fits = plain && out.size() > 0 && spec.shape().size() > 0 && spec.dtype().isCompute();
    return fits ? plan(call, spec, ins) : null;
  }

  /** {@return a bit for each axis, whatever their order; none means all} */
  private static int bits(int[] axes, NdArray[] ins) {
    int rank = 0;
    for (NdArray in : ins) {
      rank = Math.max(rank, in.shape().rank());
    }
    int bits = 0;
    for (int axis : axes) {
      int at = axis < 0 ? axis + rank : axis;
      if (at < 0 || at >= Math.min(rank, Integer.SIZE - 1) || (bits >> at & 1) == 1) {
        return UNKNOWN_AXES;
      }
      bits |= 1 << at;
    }
    return bits;
  }

  /** {@return the plan of a checked call; null if nothing is left to do} */
  private LoopPlan plan(Signature call, ReduceSpec spec, NdArray[] given) {
    NdArray out = spec.out();
    if (out.size() == 0) {
      return null;
    }
    if (spec.shape().size() == 0) {
      backend.elementwise(spec.identity(), out, spec.params());
      return null;
    }
    if (Masks.any(out) || Masks.any(given)) {
      runWithMasks(spec, given);
      return null;
    }
    List<Operand> ins = LoopPlanner.operands(0, spec.ins());
    Operand target = LoopPlanner.operands(ins.size(), out).getFirst();
    LoopPlanner planner = new LoopPlanner(spec.dtype(), ins.size() + 1);
    ReductionPasses.plan(planner, spec.op(), spec.expr(), spec.axes(), ins, target);
    return planner.plan(call, List.of(spec.expr()), workers);
  }

  private void runWithMasks(ReduceSpec spec, NdArray[] ins) {
    try (Scope _ = Scope.open("reduction temporaries")) {
      Masks masks = new Masks(backend, spec.dtype());
      NdArray[] outs = {spec.out()};
      NdArray[] numbers = masks.outputs(outs);
      run(spec.op(), spec.expr(), spec.axes(), numbers[0], spec.params(), masks.inputs(ins));
      masks.finish(numbers, outs);
    }
  }
}
