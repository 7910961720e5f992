package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.SortSpec;

/** The elements of lines in order, and where they were. */
final class Sorting {
  private final Workers workers;
  private final Plans<SortPlan> ascending = new Plans<>();
  private final Plans<SortPlan> descending = new Plans<>();

  Sorting(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and sorts. */
  void run(NdArray x, int axis, boolean down, NdArray values, NdArray indices) {
    Plans<SortPlan> plans = down ? descending : ascending;
    Signature call = Signature.of(null, axis).in(x);
    call.out(values).out(indices);
    SortPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      SortSpec spec = SortSpec.of(x, axis, down, values, indices);
      if (plan == null) {
        if (values.size() == 0) {
          return;
        }
        plan = new SortPlan(call, spec, workers);
      }
    }
    plan.run(x, values, indices);
    plans.giveBack(plan);
  }
}
