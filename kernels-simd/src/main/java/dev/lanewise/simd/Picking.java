package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
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

/**
 * Operations that pick elements by index: scalar, as each step depends on the data. Lines along the
 * axis are independent of one another, so several threads share them.
 */
final class Picking {
  private static final long TASK = 16_384;

  /** A task's columns are at least so many, where there are: whole lines of the cache. */
  private static final long COLUMNS = 64;

  private Picking() {}

  static void gather(IndexSpec spec, Workers workers) {
    if (isDense(spec)) {
      new DenseLines(spec).run(workers, false);
    } else {
      Walk walk = new Walk(spec);
      DType dtype = spec.table().dtype();
      MemorySegment from = spec.table().storage().segment();
      MemorySegment to = spec.picked().storage().segment();
      for (long i = 0; i < spec.indices().size(); i++, walk.advance()) {
        dtype.set(to, walk.picked(), dtype.get(from, walk.table()));
      }
    }
    Reference.reachabilityFence(spec);
  }

  /** An index may come twice, and the sum's bits must not depend on luck: each line is in order. */
  static void scatterAdd(IndexSpec spec, Workers workers) {
    if (isDense(spec)) {
      new DenseLines(spec).run(workers, true);
    } else {
      Walk walk = new Walk(spec);
      DType dtype = spec.table().dtype();
      MemorySegment from = spec.picked().storage().segment();
      MemorySegment to = spec.table().storage().segment();
      for (long i = 0; i < spec.indices().size(); i++, walk.advance()) {
        // Of two floats the sum in double, rounded, is their sum in float.
        double sum = dtype.get(to, walk.table()) + dtype.get(from, walk.picked());
        dtype.set(to, walk.table(), sum);
      }
    }
    Reference.reachabilityFence(spec);
  }

  private static boolean isDense(IndexSpec spec) {
    return spec.table().layout().isContiguous()
        && spec.indices().layout().isContiguous()
        && spec.picked().layout().isContiguous();
  }

  /** Arrays without gaps: {@code [outer, extent, inner]}, lines of one block in one task. */
  private static final class DenseLines {
    private final boolean wide;
    private final boolean single;
    private final Lines lines;
    private final int picks;
    private final long table;
    private final long indices;
    private final long picked;

    DenseLines(IndexSpec spec) {
      wide = spec.indices().dtype() == DType.I64;
      single = spec.table().dtype() == DType.F32;
      lines = Lines.of(spec.table(), spec.axis());
      picks = spec.indices().shape().dim(spec.axis());
      table = Addresses.of(spec.table());
      indices = Addresses.of(spec.indices());
      picked = Addresses.of(spec.picked());
    }

    void run(Workers workers, boolean add) {
      long perBlock = picks * lines.inner();
      if (perBlock == 0 || lines.outer() == 0) {
        return;
      }
      long columns = Math.min(lines.inner(), Math.max(COLUMNS, TASK / picks));
      long pieces = (lines.inner() + columns - 1) / columns;
      long units = lines.outer() * pieces;
      long perTask = Math.max(1, TASK / (picks * columns));
      workers.run(
          Math.toIntExact((units + perTask - 1) / perTask),
          t -> {
            long pickedSize = lines.outer() * picks * lines.inner();
            long tableSize = lines.outer() * lines.extent() * lines.inner();
            MemorySegment from = ALL.asSlice(table, tableSize * (single ? 4 : 8));
            MemorySegment to = ALL.asSlice(picked, pickedSize * (single ? 4 : 8));
            MemorySegment at = ALL.asSlice(indices, pickedSize * (wide ? 8 : 4));
            for (long u = t * perTask; u < Math.min(units, (t + 1) * perTask); u++) {
              long column = u % pieces * columns;
              long end = Math.min(lines.inner(), column + columns);
              for (int pick = 0; pick < picks; pick++) {
                long row = (u / pieces * picks + pick) * lines.inner();
                long block = u / pieces * lines.extent() * lines.inner();
                if (single) {
                  floats(from, to, at, block, row, column, end, add);
                } else {
                  doubles(from, to, at, block, row, column, end, add);
                }
              }
            }
          });
    }

    private void floats(
        MemorySegment t,
        MemorySegment p,
        MemorySegment i,
        long block,
        long row,
        long c,
        long end,
        boolean add) {
      for (; c < end; c++) {
        long at = block + index(i, row + c) * lines.inner() + c;
        if (add) {
          float sum = t.getAtIndex(JAVA_FLOAT, at) + p.getAtIndex(JAVA_FLOAT, row + c);
          t.setAtIndex(JAVA_FLOAT, at, sum);
        } else {
          p.setAtIndex(JAVA_FLOAT, row + c, t.getAtIndex(JAVA_FLOAT, at));
        }
      }
    }

    private void doubles(
        MemorySegment t,
        MemorySegment p,
        MemorySegment i,
        long block,
        long row,
        long c,
        long end,
        boolean add) {
      for (; c < end; c++) {
        long at = block + index(i, row + c) * lines.inner() + c;
        if (add) {
          double sum = t.getAtIndex(JAVA_DOUBLE, at) + p.getAtIndex(JAVA_DOUBLE, row + c);
          t.setAtIndex(JAVA_DOUBLE, at, sum);
        } else {
          p.setAtIndex(JAVA_DOUBLE, row + c, t.getAtIndex(JAVA_DOUBLE, at));
        }
      }
    }

    private long index(MemorySegment i, long at) {
      return wide ? i.getAtIndex(JAVA_LONG, at) : i.getAtIndex(JAVA_INT, at);
    }
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
