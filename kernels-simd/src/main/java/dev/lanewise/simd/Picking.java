package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ArgMaxSpec;
import dev.lanewise.kernel.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Operations that pick elements by index, or find one: scalar, as each step depends on the data.
 */
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

  static void argMax(ArgMaxSpec spec) {
    NdArray x = spec.x();
    MemorySegment from = x.storage().segment();
    MemorySegment to = spec.out().storage().segment();
    boolean single = x.dtype() == DType.F32;
    int extent = x.shape().dim(spec.axis());
    long step = x.layout().stride(spec.axis());
    Layout rows = dropAxis(x.layout(), spec.axis());
    Cursor row = new Cursor(rows);
    Cursor out = new Cursor(spec.out().layout());
    for (long i = 0; i < spec.out().size(); i++, row.advance(), out.advance()) {
      long first = row.element();
      double largest = 0;
      long where = -1;
      for (int j = 0; j < extent; j++) {
        long at = first + j * step;
        double v = single ? from.getAtIndex(JAVA_FLOAT, at) : from.getAtIndex(JAVA_DOUBLE, at);
        if (where < 0 || beats(v, largest)) {
          largest = v;
          where = j;
        }
      }
      to.setAtIndex(JAVA_LONG, out.element(), where);
    }
    Reference.reachabilityFence(spec);
  }

  /** {@return whether an element takes the place of the largest so far} A NaN does, and stays. */
  static boolean beats(double v, double largest) {
    // One comparison decides almost always: it is false for a smaller or equal number alone.
    return !(v <= largest) && !Double.isNaN(largest);
  }

  private static Layout dropAxis(Layout layout, int axis) {
    Layout first = layout.slice(axis, 0, 1, 1);
    return first.reshape(layout.shape().reduced(new int[] {axis}, false));
  }
}
