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
import dev.lanewise.kernel.IndexSelectSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.IntConsumer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** Slices picked along an axis, or added there, made ready. */
final class SlicesPlan extends DensePlan implements IntConsumer {
  private static final long TASK = 32_768;

  /** A task's columns are at least so many, where there are: whole lines of the cache. */
  private static final long COLUMNS = 128;

  /** Shorter slices are copied element by element. */
  private static final long SHORT = 64;

  private static final int F32_LANES = Lanes.F32.length();
  private static final int F64_LANES = Lanes.F64.length();

  private final boolean adds;
  private final DType dtype;
  private final int bytes;
  private final boolean wide;
  private final int picks;
  private final Lines lines;
  private final long tableStep;
  private final long pickedStep;

  private final DenseArgument ofTable;
  private final DenseArgument ofPicked;
  private final DenseArgument ofIndices;

  /** How many columns of an addition go together, and how many such pieces a slice has. */
  private final long columns;

  private final long pieces;
  private final long units;
  private final long unitsOfTask;
  private final int tasks;

  // One call's.
  private long table;
  private long picked;
  private long indices;

  /**
   * Plans a call that picks something.
   *
   * @param adds whether slices are added to the table, and not picked from it
   */
  SlicesPlan(Signature call, IndexSelectSpec spec, boolean adds, Workers workers) {
    super(call, workers);
    this.adds = adds;
    this.dtype = spec.table().dtype();
    this.bytes = dtype.byteSize();
    this.wide = spec.indices().dtype() == DType.I64;
    this.picks = spec.indices().shape().dim(0);
    int axis = spec.axis();
    this.lines = Lines.of(spec.table(), axis);
    Layout all = spec.table().layout();
    Layout some = spec.picked().layout();
    boolean hasRows = hasRows(all, axis);
    this.ofTable = adds ? changed(dtype, all, hasRows) : input(dtype, all, hasRows);
    this.ofPicked = adds ? input(spec.picked()) : output(dtype, some, hasRows(some, axis));
    this.ofIndices = input(spec.indices());
    this.tableStep = ofTable.layout.stride(axis);
    this.pickedStep = ofPicked.layout.stride(axis);
    this.columns = Math.min(lines.inner(), Math.max(COLUMNS, TASK / picks));
    this.pieces = Math.ceilDiv(lines.inner(), columns);
    this.units = lines.outer() * (adds ? pieces : picks);
    this.unitsOfTask = Math.max(1, TASK / (adds ? picks * columns : lines.inner()));
    this.tasks = Math.toIntExact(Math.ceilDiv(units, unitsOfTask));
  }

  /** {@return whether slices along the first axis lie without gaps, as in a part of a table} */
  private static boolean hasRows(Layout layout, int axis) {
    if (axis != 0 || layout.shape().dim(0) == 0) {
      return layout.isContiguous();
    }
    return layout.slice(0, 0, 1, 1).isContiguous();
  }

  void run(NdArray all, NdArray at, NdArray slices) {
    ofTable.at(all);
    ofIndices.at(at);
    ofPicked.at(slices);
    run();
    Reference.reachabilityFence(all);
    Reference.reachabilityFence(at);
    Reference.reachabilityFence(slices);
  }

  @Override
  void compute(long memory) {
    table = ofTable.address();
    indices = ofIndices.address();
    picked = ofPicked.address();
    workers.run(tasks, this);
  }

  @Override
  public void accept(int task) {
    long first = task * unitsOfTask;
    long end = Math.min(units, first + unitsOfTask);
    if (adds) {
      add(first, end);
    } else {
      select(first, end);
    }
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

  private void select(long first, long end) {
    MemorySegment rows = allIndices();
    if (bytes == 4 && lines.inner() == 1 && lines.outer() == 1) {
      selectInts(rows, (int) first, (int) end);
      return;
    }
    long size = lines.inner() * bytes;
    for (long u = first; u < end; u++) {
      long from = inTable(u / picks, index(rows, u % picks));
      long to = inPicked(u / picks, u % picks);
      if (size < SHORT) {
        shortSlice(from, to);
      } else {
        Bytes.copy(from, to, size);
      }
    }
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

  private void add(long first, long end) {
    MemorySegment rows = allIndices();
    for (long u = first; u < end; u++) {
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
  }

  private static void addFloats(long source, long target, int count) {
    int whole = count & -F32_LANES;
    for (int i = 0; i < whole; i += F32_LANES) {
      floats(target + i * 4L)
          .add(floats(source + i * 4L))
          .intoMemorySegment(ALL, target + i * 4L, ORDER);
    }
    for (long i = whole * 4L; i < count * 4L; i += 4) {
      ALL.set(
          JAVA_FLOAT,
          target + i,
          ALL.get(JAVA_FLOAT, target + i) + ALL.get(JAVA_FLOAT, source + i));
    }
  }

  private static FloatVector floats(long address) {
    return VectorClasses.known(
        FloatVector.fromMemorySegment(Lanes.F32, ALL, address, ORDER), VectorClasses.F32);
  }

  private static void addDoubles(long source, long target, int count) {
    int whole = count & -F64_LANES;
    for (int i = 0; i < whole; i += F64_LANES) {
      doubles(target + i * 8L)
          .add(doubles(source + i * 8L))
          .intoMemorySegment(ALL, target + i * 8L, ORDER);
    }
    for (long i = whole * 8L; i < count * 8L; i += 8) {
      ALL.set(
          JAVA_DOUBLE,
          target + i,
          ALL.get(JAVA_DOUBLE, target + i) + ALL.get(JAVA_DOUBLE, source + i));
    }
  }

  private static DoubleVector doubles(long address) {
    return VectorClasses.known(
        DoubleVector.fromMemorySegment(Lanes.F64, ALL, address, ORDER), VectorClasses.F64);
  }
}
