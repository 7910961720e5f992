package dev.lanewise.simd;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;
import java.lang.ref.Reference;

/** Picking for arrays with gaps, which are walked through element by element, on one thread. */
final class PickingWalkPlan extends PickingPlan {
  private final long size;

  /** From one element to the next of the table along the axis. */
  private final long step;

  // At the first element between two calls: after the last they come back to it.
  private final Cursor index;
  private final Cursor picked;

  /** Over the table with a stride of 0 along the axis: the index alone moves there. */
  private final Cursor table;

  PickingWalkPlan(Signature call, IndexSpec spec, boolean adds) {
    super(call, spec, adds);
    Layout layout = spec.table().layout();
    Layout first =
        layout.shape().dim(spec.axis()) == 0
            ? layout
            : layout.slice(spec.axis(), 0, 1, 1).broadcastTo(spec.indices().shape());
    this.size = spec.indices().size();
    this.step = layout.stride(spec.axis());
    this.index = new Cursor(spec.indices().layout());
    this.picked = new Cursor(spec.picked().layout());
    this.table = new Cursor(first);
  }

  @Override
  void run(NdArray all, NdArray at, NdArray some) {
    long indices = begin(at);
    long ofTable = begin(all);
    long ofPicked = begin(some);
    for (long i = 0; i < size; i++) {
      long pick = index(indices, index.element());
      move(ofTable, table.element() + pick * step, ofPicked, picked.element());
      index.advance();
      picked.advance();
      table.advance();
    }
    Reference.reachabilityFence(all);
    Reference.reachabilityFence(at);
    Reference.reachabilityFence(some);
  }

  /** {@return the address of a storage, where cursors count from} */
  private static long begin(NdArray array) {
    return Addresses.of(array) - array.layout().offset() * array.dtype().byteSize();
  }
}
