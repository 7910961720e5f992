package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;
import java.lang.ref.Reference;
import java.util.function.IntConsumer;

/**
 * Elements picked along an axis, or added there, made ready, for arrays without gaps: {@code
 * [outer, extent, inner]}, lines of one block in one task.
 */
final class PickingLinesPlan extends PickingPlan implements IntConsumer {
  private static final long TASK = 16_384;

  /** A task's columns are at least so many, where there are: whole lines of the cache. */
  private static final long COLUMNS = 64;

  private final Workers workers;
  private final boolean adds;
  private final boolean wide;
  private final boolean single;
  private final Lines lines;
  private final int picks;

  /** How many columns go together, and how many such pieces a block has. */
  private final long columns;

  private final long pieces;
  private final long units;
  private final long unitsOfTask;
  private final int tasks;

  // One call's.
  private long table;
  private long indices;
  private long picked;

  /**
   * Plans a call that picks something.
   *
   * @param adds whether elements are added to the table, and not picked from it
   */
  PickingLinesPlan(Signature call, IndexSpec spec, boolean adds, Workers workers) {
    super(call);
    this.workers = workers;
    this.adds = adds;
    this.wide = spec.indices().dtype() == DType.I64;
    this.single = spec.table().dtype() == DType.F32;
    this.lines = Lines.of(spec.table(), spec.axis());
    this.picks = spec.indices().shape().dim(spec.axis());
    this.columns = Math.min(lines.inner(), Math.max(COLUMNS, TASK / picks));
    this.pieces = Math.ceilDiv(lines.inner(), columns);
    this.units = lines.outer() * pieces;
    this.unitsOfTask = Math.max(1, TASK / (picks * columns));
    this.tasks = Math.toIntExact(Math.ceilDiv(units, unitsOfTask));
  }

  @Override
  void run(NdArray all, NdArray at, NdArray some) {
    table = Addresses.of(all);
    indices = Addresses.of(at);
    picked = Addresses.of(some);
    workers.run(tasks, this);
    Reference.reachabilityFence(all);
    Reference.reachabilityFence(at);
    Reference.reachabilityFence(some);
  }

  @Override
  public void accept(int task) {
    for (long u = task * unitsOfTask; u < Math.min(units, (task + 1) * unitsOfTask); u++) {
      long column = u % pieces * columns;
      long end = Math.min(lines.inner(), column + columns);
      for (int pick = 0; pick < picks; pick++) {
        long row = (u / pieces * picks + pick) * lines.inner();
        long block = u / pieces * lines.extent() * lines.inner();
        if (single) {
          floats(block, row, column, end);
        } else {
          doubles(block, row, column, end);
        }
      }
    }
  }

  // Two copies of one loop, as for every element type. They slice nothing: handed to a method that
  // is not inlined, a slice would be allocated.

  private void floats(long block, long row, long first, long end) {
    for (long c = first; c < end; c++) {
      long inTable = table + (block + index(row + c) * lines.inner() + c) * 4;
      long inPicked = picked + (row + c) * 4;
      if (adds) {
        ALL.set(JAVA_FLOAT, inTable, ALL.get(JAVA_FLOAT, inTable) + ALL.get(JAVA_FLOAT, inPicked));
      } else {
        ALL.set(JAVA_FLOAT, inPicked, ALL.get(JAVA_FLOAT, inTable));
      }
    }
  }

  private void doubles(long block, long row, long first, long end) {
    for (long c = first; c < end; c++) {
      long inTable = table + (block + index(row + c) * lines.inner() + c) * 8;
      long inPicked = picked + (row + c) * 8;
      if (adds) {
        double sum = ALL.get(JAVA_DOUBLE, inTable) + ALL.get(JAVA_DOUBLE, inPicked);
        ALL.set(JAVA_DOUBLE, inTable, sum);
      } else {
        ALL.set(JAVA_DOUBLE, inPicked, ALL.get(JAVA_DOUBLE, inTable));
      }
    }
  }

  private long index(long at) {
    return wide ? ALL.get(JAVA_LONG, indices + at * 8) : ALL.get(JAVA_INT, indices + at * 4);
  }
}
