package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ScanSpec;
import java.util.List;

/** Cumulative sums, products, maxima and minima. */
final class Scans {
  private final Workers workers;

  /** Of each combination of directions; an axis alone is a variant that no other axis has. */
  private final List<Plans<ScanPlan>> ways =
      List.of(new Plans<>(), new Plans<>(), new Plans<>(), new Plans<>());

  Scans(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and scans. */
  void run(ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    Plans<ScanPlan> plans = ways.get((exclusive ? 1 : 0) + (reverse ? 2 : 0));
    Signature call = Signature.of(op, axis).in(x).out(out);
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
