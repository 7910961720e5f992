package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Operations that pick elements by index: scalar, as each step depends on the data. Lines along the
 * axis are independent of one another, so several threads share them. An index may come twice, and
 * a sum's bits must not depend on luck: each line is in order. Arrays with gaps are walked through
 * element by element.
 */
final class Picking {
  private final Workers workers;
  private final Plans<PickingPlan> gathers = new Plans<>();
  private final Plans<PickingPlan> additions = new Plans<>();

  Picking(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and picks elements. */
  void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).in(indices).out(out);
    PickingPlan plan = gathers.lend(call);
    if (plan == null || !call.isPlain()) {
      IndexSpec spec = IndexSpec.of("gather", axis, x, indices, out, out);
      if (plan == null) {
        if (indices.size() == 0) {
          return;
        }
        if (!isDense(spec)) {
          walk(spec, false);
          return;
        }
        plan = new PickingPlan(call, spec, false, workers);
      }
    } else {
      IndexSpec.checkIndices("gather", axis, x, indices);
    }
    plan.run(x, indices, out);
    gathers.giveBack(plan);
  }

  /** Checks a call and adds elements. */
  void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    Signature call = Signature.of(null, axis).in(x).in(indices).out(out);
    PickingPlan plan = additions.lend(call);
    if (plan == null || !call.isPlain()) {
      IndexSpec spec = IndexSpec.of("scatterAdd", axis, out, indices, x, out);
      if (plan == null) {
        if (indices.size() == 0) {
          return;
        }
        if (!isDense(spec)) {
          walk(spec, true);
          return;
        }
        plan = new PickingPlan(call, spec, true, workers);
      }
    } else {
      IndexSpec.checkIndices("scatterAdd", axis, out, indices);
    }
    plan.run(out, indices, x);
    additions.giveBack(plan);
  }

  private static boolean isDense(IndexSpec spec) {
    return spec.table().layout().isContiguous()
        && spec.indices().layout().isContiguous()
        && spec.picked().layout().isContiguous();
  }

  private static void walk(IndexSpec spec, boolean adds) {
    Walk walk = new Walk(spec);
    DType dtype = spec.table().dtype();
    MemorySegment table = spec.table().storage().segment();
    MemorySegment picked = spec.picked().storage().segment();
    for (long i = 0; i < spec.indices().size(); i++, walk.advance()) {
      if (adds) {
        // Of two floats the sum in double, rounded, is their sum in float.
        double sum = dtype.get(table, walk.table()) + dtype.get(picked, walk.picked());
        dtype.set(table, walk.table(), sum);
      } else {
        dtype.set(picked, walk.picked(), dtype.get(table, walk.table()));
      }
    }
    Reference.reachabilityFence(spec);
  }

  /** Walks over the indices and the two arrays at once. */
  private static final class Walk {
    private final MemorySegment indices;
    private final boolean wide;
    private final long step;
    private final Cursor index;
    private final Cursor picked;
    private final Cursor table;

    Walk(IndexSpec spec) {
      indices = spec.indices().storage().segment();
      wide = spec.indices().dtype() == DType.I64;
      index = new Cursor(spec.indices().layout());
      picked = new Cursor(spec.picked().layout());
      // The table with a stride of 0 along the axis: the index alone moves there.
      Layout layout = spec.table().layout();
      step = layout.stride(spec.axis());
      Layout first =
          layout.shape().dim(spec.axis()) == 0
              ? layout
              : layout.slice(spec.axis(), 0, 1, 1).broadcastTo(spec.indices().shape());
      table = new Cursor(first);
    }

    long picked() {
      return picked.element();
    }

    long table() {
      long at = index.element();
      long i = wide ? indices.getAtIndex(JAVA_LONG, at) : indices.getAtIndex(JAVA_INT, at);
      return table.element() + i * step;
    }

    void advance() {
      index.advance();
      picked.advance();
      table.advance();
    }
  }
}
