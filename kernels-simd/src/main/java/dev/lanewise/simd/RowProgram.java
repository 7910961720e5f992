package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.Arrays;
import java.util.List;

/**
 * A short list of loops that are run over a tile of rows while it is in the cache, so that memory
 * is read once and written once. Operands are numbered: first the arrays of the call, then places
 * of the program's own that hold one number for each row.
 *
 * <p>What a row is depends on the layout. Where its elements lie side by side, loops run along
 * them; where those of neighbouring rows do, loops run over many rows at once. {@link RowTiles}
 * decides and runs the program.
 */
final class RowProgram {
  /** What an array of the call holds. */
  enum Kind {
    /** An element for each place in each row. */
    FULL,
    /** One number for each row. */
    PER_ROW,
    /** One number for each place in a row, the same for all rows. */
    PER_PLACE
  }

  /**
   * One loop.
   *
   * @param op how the elements of a row become one number; null if they are mapped one by one
   * @param exprs what is computed
   * @param outs where it goes, an operand for each expression
   * @param ins the operands that are the expressions' arguments
   */
  record Step(ReduceOp op, List<Expr> exprs, int[] outs, int[] ins) {}

  static Step reduce(ReduceOp op, Expr expr, int out, int... ins) {
    return new Step(op, List.of(expr), new int[] {out}, ins);
  }

  static Step map(Expr expr, int out, int... ins) {
    return new Step(null, List.of(expr), new int[] {out}, ins);
  }

  /** A step with its loops compiled, for one type and one direction. */
  static final class Loop {
    final Step step;
    final LoopKernel kernel;

    /** Combines the partial results of long rows; null if there are none. */
    final LoopKernel combining;

    /** Whether all operands have one number for each row. */
    final boolean perRow;

    Loop(Step step, LoopKernel kernel, LoopKernel combining, boolean perRow) {
      this.step = step;
      this.kernel = kernel;
      this.combining = combining;
      this.perRow = perRow;
    }
  }

  private final Kind[] kinds;
  private final int inputs;
  private final int operands;
  private final List<Step> steps;
  private final Loop[][] compiled = new Loop[4][];
  private boolean turnsShortRows;

  /**
   * Makes a program.
   *
   * @param kinds what each array of the call holds, inputs first
   * @param inputs how many of the arrays are inputs
   * @param steps the loops in their order
   */
  RowProgram(Kind[] kinds, int inputs, Step... steps) {
    this.kinds = kinds;
    this.inputs = inputs;
    this.steps = List.of(steps);
    int most = kinds.length;
    for (Step step : steps) {
      for (int out : step.outs) {
        most = Math.max(most, out + 1);
      }
    }
    this.operands = most;
  }

  /**
   * {@return this, whose arrays are turned if they have many short rows} Then sums are those of
   * loops over many rows at once, in another order than along a row. Programs that serve Java's
   * arrays too, which are not turned, have the same bits there without it.
   */
  RowProgram turningShortRows() {
    turnsShortRows = true;
    return this;
  }

  boolean turnsShortRows() {
    return turnsShortRows;
  }

  int arrays() {
    return kinds.length;
  }

  int inputs() {
    return inputs;
  }

  /** {@return the number of operands: the call's arrays and the program's own places} */
  int operands() {
    return operands;
  }

  Kind kind(int operand) {
    return operand < kinds.length ? kinds[operand] : Kind.PER_ROW;
  }

  /**
   * {@return the compiled loops}
   *
   * @param along whether loops run along rows, whose elements lie side by side
   */
  Loop[] loops(DType dtype, boolean along) {
    int index = (dtype == DType.F32 ? 0 : 2) + (along ? 1 : 0);
    Loop[] loops = compiled[index];
    if (loops == null) {
      // Two threads may do it at once: they find the same kernels.
      loops = steps.stream().map(s -> compile(s, dtype, along)).toArray(Loop[]::new);
      compiled[index] = loops;
    }
    return loops;
  }

  private Loop compile(Step step, DType dtype, boolean along) {
    boolean perRow =
        step.op == null && Arrays.stream(step.outs).allMatch(o -> kind(o) == Kind.PER_ROW);
    boolean[] rowConstant = new boolean[step.ins.length];
    for (int i = 0; i < rowConstant.length; i++) {
      // Loops run over rows and columns of memory; which of them are the rows is the direction.
      rowConstant[i] = !perRow && kind(step.ins[i]) == (along ? Kind.PER_ROW : Kind.PER_PLACE);
    }
    if (step.op == null) {
      return new Loop(
          step, Kernels.get(Form.MAP, dtype, step.exprs, null, rowConstant), null, perRow);
    }
    Form form = along ? Form.ROW : Form.COLUMN;
    return new Loop(
        step,
        Kernels.get(form, dtype, step.exprs, step.op, rowConstant),
        Kernels.get(form, dtype, List.of(Expr.arg(0)), step.op, new boolean[1]),
        false);
  }
}
