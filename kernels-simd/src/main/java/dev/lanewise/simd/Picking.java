package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.kernel.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Operations that pick elements by index: scalar, as each step depends on the data. */
final class Picking {
  private Picking() {}

  static void gather(IndexSpec spec) {
    Walk walk = new Walk(spec);
    MemorySegment from = spec.table().storage().segment();
    MemorySegment to = spec.picked().storage().segment();
    boolean single = spec.table().dtype() == DType.F32;
    for (long i = 0; i < spec.indices().size(); i++, walk.advance()) {
      if (single) {
        to.setAtIndex(JAVA_FLOAT, walk.picked(), from.getAtIndex(JAVA_FLOAT, walk.table()));
      } else {
        to.setAtIndex(JAVA_DOUBLE, walk.picked(), from.getAtIndex(JAVA_DOUBLE, walk.table()));
      }
    }
    Reference.reachabilityFence(spec);
  }

  /** One thread, in order: an index may come twice, and the sum's bits must not depend on luck. */
  static void scatterAdd(IndexSpec spec) {
    Walk walk = new Walk(spec);
    MemorySegment from = spec.picked().storage().segment();
    MemorySegment to = spec.table().storage().segment();
    boolean single = spec.table().dtype() == DType.F32;
    for (long i = 0; i < spec.indices().size(); i++, walk.advance()) {
      long at = walk.table();
      if (single) {
        float sum = to.getAtIndex(JAVA_FLOAT, at) + from.getAtIndex(JAVA_FLOAT, walk.picked());
        to.setAtIndex(JAVA_FLOAT, at, sum);
      } else {
        double sum = to.getAtIndex(JAVA_DOUBLE, at) + from.getAtIndex(JAVA_DOUBLE, walk.picked());
        to.setAtIndex(JAVA_DOUBLE, at, sum);
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
