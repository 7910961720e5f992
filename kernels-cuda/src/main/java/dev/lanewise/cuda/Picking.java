package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;

/** Picking single elements by index, and its gradient. */
final class Picking {
  private final IndexCheck check;
  private final Gathering gathering;
  private final Adding adding;

  Picking(IndexCheck check, Gathering gathering, Adding adding) {
    this.check = check;
    this.gathering = gathering;
    this.adding = adding;
  }

  void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    IndexSpec spec = IndexSpec.of("gather", axis, x, indices, out, out);
    require("gather", spec);
    if (out.size() > 0) {
      gathering.pick("gather", spec.axis(), x, indices, out);
    }
  }

  void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    IndexSpec spec = IndexSpec.of("scatterAdd", axis, out, indices, x, out);
    require("scatterAdd", spec);
    if (x.size() > 0) {
      adding.add("scatterAdd", spec.axis(), out, indices, x);
    }
  }

  private void require(String name, IndexSpec spec) {
    check.require(
        spec.indices(),
        spec.table().shape().dim(spec.axis()),
        index -> spec.outOfRange(name, index));
  }
}
