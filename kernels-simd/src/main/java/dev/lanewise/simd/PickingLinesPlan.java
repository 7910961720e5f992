package dev.lanewise.simd;

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
    super(call, spec, adds);
    this.workers = workers;
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
        for (long c = column; c < end; c++) {
          long inTable = block + index(indices, row + c) * lines.inner() + c;
          move(table, inTable, picked, row + c);
        }
      }
    }
  }
}
