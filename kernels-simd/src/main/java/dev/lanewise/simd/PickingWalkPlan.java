package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;
import java.lang.ref.Reference;

/** Picking for arrays with gaps, which are walked through element by element, on one thread. */
final class PickingWalkPlan extends PickingPlan {
  private final boolean adds;
  private final boolean wide;
  private final boolean single;
  private final long size;

  /** From one element to the next of the table along the axis. */
  private final long step;

  // At the first element between two calls: after the last they come back to it.
  private final Cursor index;
  private final Cursor picked;

  /** Over the table with a stride of 0 along the axis: the index alone moves there. */
  private final Cursor table;

  PickingWalkPlan(Signature call, IndexSpec spec, boolean adds) {
    super(call);
    Layout layout = spec.table().layout();
    Layout first =
        layout.shape().dim(spec.axis()) == 0
            ? layout
            : layout.slice(spec.axis(), 0, 1, 1).broadcastTo(spec.indices().shape());
    this.adds = adds;
    this.wide = spec.indices().dtype() == DType.I64;
    this.single = spec.table().dtype() == DType.F32;
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
      long place = index.element();
      long pick =
          wide ? ALL.get(JAVA_LONG, indices + place * 8) : ALL.get(JAVA_INT, indices + place * 4);
      long inTable = table.element() + pick * step;
      if (single) {
        floats(ofTable + inTable * 4, ofPicked + picked.element() * 4);
      } else {
        doubles(ofTable + inTable * 8, ofPicked + picked.element() * 8);
      }
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

  private void floats(long inTable, long inPicked) {
    if (adds) {
      ALL.set(JAVA_FLOAT, inTable, ALL.get(JAVA_FLOAT, inTable) + ALL.get(JAVA_FLOAT, inPicked));
    } else {
      ALL.set(JAVA_FLOAT, inPicked, ALL.get(JAVA_FLOAT, inTable));
    }
  }

  private void doubles(long inTable, long inPicked) {
    if (adds) {
      double sum = ALL.get(JAVA_DOUBLE, inTable) + ALL.get(JAVA_DOUBLE, inPicked);
      ALL.set(JAVA_DOUBLE, inTable, sum);
    } else {
      ALL.set(JAVA_DOUBLE, inPicked, ALL.get(JAVA_DOUBLE, inTable));
    }
  }
}
