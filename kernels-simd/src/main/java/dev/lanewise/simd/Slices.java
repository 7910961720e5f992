package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSelectSpec;

/**
 * Whole slices picked along an axis, the rows of an embedding's table, and added there. Additions
 * happen in the order of the indices for each element, whatever the threads, as each task owns some
 * columns of all rows.
 */
final class Slices {
  private final Workers workers;
  private final Plans<SlicesPlan> selections = new Plans<>();
  private final Plans<SlicesPlan> additions = new Plans<>();

  Slices(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and picks slices. */
  void select(NdArray x, int axis, NdArray indices, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).in(indices).out(out);
    SlicesPlan plan = selections.lend(call);
    if (plan == null || !call.isPlain()) {
      IndexSelectSpec spec = IndexSelectSpec.of("indexSelect", axis, x, indices, out, out);
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = new SlicesPlan(call, spec, false, workers);
      }
    } else {
      IndexSelectSpec.checkIndices("indexSelect", axis, x, indices);
    }
    plan.run(x, indices, out);
    selections.giveBack(plan);
  }

  /** Checks a call and adds slices. */
  void add(NdArray x, int axis, NdArray indices, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).in(indices).out(out);
    SlicesPlan plan = additions.lend(call);
    if (plan == null || !call.isPlain()) {
      IndexSelectSpec spec = IndexSelectSpec.of("indexAdd", axis, out, indices, x, out);
      if (plan == null) {
        if (x.size() == 0) {
          return;
        }
        plan = new SlicesPlan(call, spec, true, workers);
      }
    } else {
      IndexSelectSpec.checkIndices("indexAdd", axis, out, indices);
    }
    plan.run(out, indices, x);
    additions.giveBack(plan);
  }
}
