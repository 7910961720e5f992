package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.IndexSelectSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * Whole slices picked along an axis, the rows of an embedding's table, and added there. Additions
 * happen in the order of the indices for each element, whatever the threads, as each task owns some
 * columns of all rows.
 */
final class Slices {
  private static final long TASK = 32_768;

  /** A task's columns are at least so many, where there are: whole lines of the cache. */
  private static final long COLUMNS = 128;

  /** Shorter slices are copied element by element. */
  private static final long SHORT = 64;

  private static final int F32_LANES = Lanes.F32.length();
  private static final int F64_LANES = Lanes.F64.length();

  private final int bytes;
  private final boolean wide;
  private final int picks;
  private final Lines lines;
  private final long tableStep;
  private final long pickedStep;
  private final long table;
  private final long picked;
  private final long indices;

  private Slices(int axis, NdArray table, NdArray indices, NdArray picked) {
    this.bytes = table.dtype().byteSize();
    this.wide = indices.dtype() == DType.I64;
    this.picks = indices.shape().dim(0);
    this.lines = Lines.of(table, axis);
    this.tableStep = table.layout().stride(axis);
    this.pickedStep = picked.layout().stride(axis);
    this.table = Addresses.of(table);
    this.picked = Addresses.of(picked);
    this.indices = Addresses.of(indices);
  }

  static void select(IndexSelectSpec spec, Workers workers) {
    if (spec.picked().size() == 0) {
      return;
    }
    try (Scope _ = Scope.open("indexSelect temporaries")) {
      NdArray from =
          hasRows(spec.table(), spec.axis()) ? spec.table() : Dense.input(spec.table(), workers);
      boolean direct = hasRows(spec.picked(), spec.axis());
      NdArray to = direct ? spec.picked() : Dense.output(spec.picked());
      NdArray indices = Dense.input(spec.indices(), workers);
      new Slices(spec.axis(), from, indices, to).select(workers);
      if (!direct) {
        Dense.finish(to, spec.picked(), workers);
      }
      Reference.reachabilityFence(new NdArray[] {from, to, indices});
    }
    Reference.reachabilityFence(spec);
  }

  static void add(IndexSelectSpec spec, Workers workers) {
    if (spec.picked().size() == 0) {
      return;
    }
    try (Scope _ = Scope.open("indexAdd temporaries")) {
      NdArray from = Dense.input(spec.picked(), workers);
      boolean direct = hasRows(spec.table(), spec.axis());
      NdArray to = direct ? spec.table() : Dense.input(spec.table(), workers);
      NdArray indices = Dense.input(spec.indices(), workers);
      new Slices(spec.axis(), to, indices, from).add(workers, spec.table().dtype());
      if (!direct) {
        Dense.finish(to, spec.table(), workers);
      }
      Reference.reachabilityFence(new NdArray[] {from, to, indices});
    }
    Reference.reachabilityFence(spec);
  }

  /** {@return whether slices along the first axis lie without gaps, as in a part of a table} */
  private static boolean hasRows(NdArray array, int axis) {
    if (axis != 0 || array.shape().dim(0) == 0) {
      return array.layout().isContiguous();
    }
    Layout row = array.layout().slice(0, 0, 1, 1);
    return row.isContiguous();
  }

  private long index(MemorySegment from, long i) {
    return wide ? from.getAtIndex(JAVA_LONG, i) : from.getAtIndex(JAVA_INT, i);
  }

  private MemorySegment allIndices() {
    return ALL.asSlice(indices, picks * (wide ? 8L : 4L));
  }

  private long inTable(long outer, long row) {
    return table + (outer * lines.extent() * lines.inner() + row * tableStep) * bytes;
  }

  private long inPicked(long outer, long row) {
    return picked + (outer * picks * lines.inner() + row * pickedStep) * bytes;
  }

  private void select(Workers workers) {
    long units = lines.outer() * picks;
    long perTask = Math.max(1, TASK / lines.inner());
    workers.run(
        Math.toIntExact((units + perTask - 1) / perTask),
        t -> {
          MemorySegment rows = allIndices();
          long size = lines.inner() * bytes;
          if (bytes == 4 && lines.inner() == 1 && lines.outer() == 1) {
            selectInts(rows, (int) (t * perTask), (int) Math.min(units, (t + 1) * perTask));
            return;
          }
          for (long u = t * perTask; u < Math.min(units, (t + 1) * perTask); u++) {
            long from = inTable(u / picks, index(rows, u % picks));
            long to = inPicked(u / picks, u % picks);
            if (size < SHORT) {
              shortSlice(from, to);
            } else {
              Bytes.copy(from, to, size);
            }
          }
        });
  }

  /**
   * Slices of one 4-byte element: what is told for each slice would take longer than to copy it.
   */
  private void selectInts(MemorySegment rows, int first, int end) {
    MemorySegment from = ALL.asSlice(table, ((lines.extent() - 1L) * tableStep + 1) * 4);
    MemorySegment to = ALL.asSlice(picked, ((picks - 1L) * pickedStep + 1) * 4);
    for (int i = first; i < end; i++) {
      int element = from.getAtIndex(JAVA_INT, index(rows, i) * tableStep);
      to.setAtIndex(JAVA_INT, i * pickedStep, element);
    }
  }

  private void shortSlice(long source, long target) {
    long inner = lines.inner();
    MemorySegment from = ALL.asSlice(source, inner * bytes);
    MemorySegment to = ALL.asSlice(target, inner * bytes);
    for (long i = 0; i < inner; i++) {
      switch (bytes) {
        case 1 -> to.set(JAVA_BYTE, i, from.get(JAVA_BYTE, i));
        case 2 -> to.setAtIndex(JAVA_SHORT, i, from.getAtIndex(JAVA_SHORT, i));
        case 4 -> to.setAtIndex(JAVA_INT, i, from.getAtIndex(JAVA_INT, i));
        case 8 -> to.setAtIndex(JAVA_LONG, i, from.getAtIndex(JAVA_LONG, i));
        default -> throw new AssertionError(bytes + " bytes");
      }
    }
  }

  private void add(Workers workers, DType dtype) {
    long columns = Math.min(lines.inner(), Math.max(COLUMNS, TASK / picks));
    long pieces = (lines.inner() + columns - 1) / columns;
    long units = lines.outer() * pieces;
    long perTask = Math.max(1, TASK / (picks * columns));
    workers.run(
        Math.toIntExact((units + perTask - 1) / perTask),
        t -> {
          MemorySegment rows = allIndices();
          for (long u = t * perTask; u < Math.min(units, (t + 1) * perTask); u++) {
            long column = u % pieces * columns;
            int count = (int) Math.min(columns, lines.inner() - column);
            for (int i = 0; i < picks; i++) {
              long from = inPicked(u / pieces, i) + column * bytes;
              long to = inTable(u / pieces, index(rows, i)) + column * bytes;
              if (dtype == DType.F32) {
                addFloats(from, to, count);
              } else {
                addDoubles(from, to, count);
              }
            }
          }
        });
  }

  private static void addFloats(long source, long target, int count) {
    MemorySegment from = ALL.asSlice(source, count * 4L);
    MemorySegment to = ALL.asSlice(target, count * 4L);
    int whole = count & -F32_LANES;
    for (int i = 0; i < whole; i += F32_LANES) {
      FloatVector.fromMemorySegment(Lanes.F32, to, i * 4L, ORDER)
          .add(FloatVector.fromMemorySegment(Lanes.F32, from, i * 4L, ORDER))
          .intoMemorySegment(to, i * 4L, ORDER);
    }
    for (int i = whole; i < count; i++) {
      to.setAtIndex(JAVA_FLOAT, i, to.getAtIndex(JAVA_FLOAT, i) + from.getAtIndex(JAVA_FLOAT, i));
    }
  }

  private static void addDoubles(long source, long target, int count) {
    MemorySegment from = ALL.asSlice(source, count * 8L);
    MemorySegment to = ALL.asSlice(target, count * 8L);
    int whole = count & -F64_LANES;
    for (int i = 0; i < whole; i += F64_LANES) {
      DoubleVector.fromMemorySegment(Lanes.F64, to, i * 8L, ORDER)
          .add(DoubleVector.fromMemorySegment(Lanes.F64, from, i * 8L, ORDER))
          .intoMemorySegment(to, i * 8L, ORDER);
    }
    for (int i = whole; i < count; i++) {
      double sum = to.getAtIndex(JAVA_DOUBLE, i) + from.getAtIndex(JAVA_DOUBLE, i);
      to.setAtIndex(JAVA_DOUBLE, i, sum);
    }
  }
}
