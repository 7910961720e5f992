package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ScanSpec;

/** Cumulative sums, products, maxima and minima. */
final class Scans {
  private final Workers workers;
  private final Plans<ScanPlan> plans = new Plans<>();

  Scans(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and scans. */
  void run(ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    int variant = 4 * axis + (exclusive ? 1 : 0) + (reverse ? 2 : 0);
    Signature call = Signature.of(op, variant).in(x).out(out);
    ScanPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      ScanSpec spec = ScanSpec.of(op, x, axis, exclusive, reverse, out);
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = new ScanPlan(call, spec, workers);
      }
    }
    plan.run(x, out);
    plans.giveBack(plan);
  }
}
