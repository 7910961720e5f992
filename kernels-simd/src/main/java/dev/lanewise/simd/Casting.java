package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.CopySpec;

/** Copies between layouts and types. */
final class Casting {
  /** Of all backends: other families copy too. */
  private static final Plans<CopyPlan> PLANS = new Plans<>();

  private Casting() {}

  /** Checks a call and copies. */
  static void copy(NdArray from, NdArray to, Workers workers) {
    Signature call = Signature.of(workers, 0).in(from).out(to);
    CopyPlan plan = PLANS.lend(call);
    if (plan == null || !call.isPlain()) {
      CopySpec spec = CopySpec.of(from, to);
      if (plan == null) {
        if (to.size() == 0) {
          return;
        }
        plan =
            new CopyPlan(
                call, from.dtype(), spec.from().layout(), to.dtype(), to.layout(), workers);
      }
    }
    plan.run(from, to);
    PLANS.giveBack(plan);
  }
}
