package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;

/** Elements picked along an axis, or added there, made ready. */
abstract class PickingPlan extends Plan {
  PickingPlan(Signature call) {
    super(call);
  }

  /** {@return the plan of a call that picks something} */
  static PickingPlan of(Signature call, IndexSpec spec, boolean adds, Workers workers) {
    boolean isDense =
        spec.table().layout().isContiguous()
            && spec.indices().layout().isContiguous()
            && spec.picked().layout().isContiguous();
    return isDense
        ? new PickingLinesPlan(call, spec, adds, workers)
        : new PickingWalkPlan(call, spec, adds);
  }

  /** Runs a call whose indices were checked. */
  abstract void run(NdArray all, NdArray at, NdArray some);
}
