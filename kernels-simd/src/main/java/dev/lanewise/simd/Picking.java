package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;

/**
 * Operations that pick elements by index: scalar, as each step depends on the data. Lines along the
 * axis are independent of one another, so several threads share them. An index may come twice, and
 * a sum's bits must not depend on luck: each line is in order. Arrays with gaps are walked through
 * element by element.
 */
final class Picking {
  private final Workers workers;
  private final Plans<PickingPlan> gathers = new Plans<>();
  private final Plans<PickingPlan> additions = new Plans<>();

  Picking(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and picks elements. */
  void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).in(indices).out(out);
    PickingPlan plan = gathers.lend(call);
    if (plan == null || !call.isPlain()) {
      IndexSpec spec = IndexSpec.of("gather", axis, x, indices, out, out);
      if (plan == null) {
        if (indices.size() == 0) {
          return;
        }
        plan = PickingPlan.of(call, spec, false, workers);
      }
    } else {
      IndexSpec.checkIndices("gather", axis, x, indices);
    }
    plan.run(x, indices, out);
    gathers.giveBack(plan);
  }

  /** Checks a call and adds elements. */
  void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).in(indices).out(out);
    PickingPlan plan = additions.lend(call);
    if (plan == null || !call.isPlain()) {
      IndexSpec spec = IndexSpec.of("scatterAdd", axis, out, indices, x, out);
      if (plan == null) {
        if (indices.size() == 0) {
          return;
        }
        plan = PickingPlan.of(call, spec, true, workers);
      }
    } else {
      IndexSpec.checkIndices("scatterAdd", axis, out, indices);
    }
    plan.run(out, indices, x);
    additions.giveBack(plan);
  }
}
