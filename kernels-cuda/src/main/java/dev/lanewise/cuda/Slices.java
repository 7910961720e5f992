package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSelectSpec;

/** Picking whole slices by index, and its gradient. */
final class Slices {
  private final IndexCheck check;
  private final Gathering gathering;
  private final Adding adding;

  Slices(IndexCheck check, Gathering gathering, Adding adding) {
    this.check = check;
    this.gathering = gathering;
    this.adding = adding;
  }

  void select(NdArray x, int axis, NdArray indices, NdArray out) {
    IndexSelectSpec spec = IndexSelectSpec.of("indexSelect", axis, x, indices, out, out);
    require("indexSelect", spec);
    if (out.size() > 0) {
      gathering.pick("indexSelect", spec.axis(), x, indices, out);
    }
  }

  void add(NdArray x, int axis, NdArray indices, NdArray out) {
    IndexSelectSpec spec = IndexSelectSpec.of("indexAdd", axis, out, indices, x, out);
    require("indexAdd", spec);
    if (x.size() > 0) {
      adding.add("indexAdd", spec.axis(), out, indices, x);
    }
  }

  private void require(String name, IndexSelectSpec spec) {
    check.require(
        spec.indices(),
        spec.table().shape().dim(spec.axis()),
        index -> spec.outOfRange(name, index));
  }
}
