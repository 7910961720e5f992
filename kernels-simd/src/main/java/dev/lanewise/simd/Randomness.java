package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.RandomSpec;

/** Fills arrays with random numbers. */
final class Randomness {
  private final Workers workers;
  private final Plans<RandomPlan> plans = new Plans<>();

  Randomness(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and fills an array. */
  void fill(Distribution distribution, long seed, long stream, NdArray out) {
    Signature call = Signature.of(distribution, distribution.ordinal()).out(out);
    RandomPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      RandomSpec.of(distribution, seed, stream, out);
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = new RandomPlan(call, distribution, out, workers);
      }
    }
    plan.run(seed, stream, out);
    plans.giveBack(plan);
  }
}
