package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import java.lang.ref.Reference;
import java.util.function.IntConsumer;

/**
 * A call made ready that computes something of each line of an array along one axis. A unit of work
 * is one line, or some lines that lie side by side; some units make a task.
 */
abstract class LinesPlan extends DensePlan implements IntConsumer {
  final DType dtype;
  final Lines lines;

  private final DenseArgument input;
  private final DenseArgument output;
  private final long columns;
  private final long pieces;
  private final long units;
  private final long unitsOfTask;
  private final int tasks;

  // One call's arrays, without gaps.
  long from;
  long to;

  /**
   * For a subclass.
   *
   * @param columns the most lines side by side of a unit
   * @param elements about so many make a task
   */
  LinesPlan(
      Signature call,
      NdArray x,
      int axis,
      NdArray out,
      int columns,
      long elements,
      Workers workers) {
    super(call, workers);
    this.dtype = x.dtype();
    this.lines = Lines.of(x, axis);
    this.input = input(x);
    this.output = output(out);
    this.columns = Math.min(lines.inner(), columns);
    this.pieces = Math.ceilDiv(lines.inner(), this.columns);
    this.units = lines.outer() * pieces;
    this.unitsOfTask = Math.max(1, elements / (lines.extent() * this.columns));
    this.tasks = Math.toIntExact(Math.ceilDiv(units, unitsOfTask));
  }

  final void run(NdArray x, NdArray out) {
    input.at(x);
    output.at(out);
    run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(out);
  }

  @Override
  final void compute(long memory) {
    from = input.address();
    to = output.address();
    workers.run(tasks, this);
  }

  @Override
  public final void accept(int task) {
    long first = task * unitsOfTask;
    long end = Math.min(units, first + unitsOfTask);
    if (lines.inner() == 1) {
      rows(first, end);
      return;
    }
    for (long u = first; u < end; u++) {
      long column = u % pieces * columns;
      columns(u / pieces, column, (int) Math.min(columns, lines.inner() - column));
    }
  }

  /** Works on lines whose elements are neighbours, from one number to before another. */
  abstract void rows(long first, long end);

  /** Works on lines of a block that lie side by side, from one of its columns on. */
  abstract void columns(long block, long column, int count);
}
