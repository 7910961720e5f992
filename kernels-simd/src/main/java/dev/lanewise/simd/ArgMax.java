package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ArgMaxSpec;

/** Where the largest or smallest element of each line is. */
final class ArgMax {
  private final Workers workers;
  private final Plans<ArgMaxPlan> largest = new Plans<>();
  private final Plans<ArgMaxPlan> smallest = new Plans<>();

  ArgMax(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and finds the largest elements. */
  void argMax(NdArray x, int axis, NdArray out) {
    run("argMax", largest, Keys.ASCENDING, x, axis, out);
  }

  /** Checks a call and finds the smallest elements. */
  void argMin(NdArray x, int axis, NdArray out) {
    run("argMin", smallest, Keys.SMALLEST_LAST, x, axis, out);
  }

  private void run(
      String operation, Plans<ArgMaxPlan> plans, Keys keys, NdArray x, int axis, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).out(out);
    ArgMaxPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      ArgMaxSpec spec = ArgMaxSpec.of(operation, x, axis, out);
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = new ArgMaxPlan(call, spec, keys, workers);
      }
    }
    plan.run(x, out);
    plans.giveBack(plan);
  }
}
