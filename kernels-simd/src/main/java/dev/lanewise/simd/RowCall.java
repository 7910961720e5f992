package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.RowProgram.Kind;
import dev.lanewise.simd.gemm.IdlePool;
import java.util.function.IntConsumer;

/**
 * One call of a {@link RowProgram} on the matrices of a program that has no tensors: say where
 * {@link #x} and {@link #y} and, for norms, {@link #weight} and {@link #bias} lie, then call what
 * is to be computed, then give it back. Tiles of rows that loops can not run over are copied to
 * scratch memory, computed in place there, and copied out. Nothing is allocated after the first
 * calls.
 */
public final class RowCall implements IntConsumer {
  private static final IdlePool<RowCall> IDLE = new IdlePool<>(RowCall::new);
  private static final IdlePool<ReusedMemory> STAGES = new IdlePool<>(ReusedMemory::new);
  private static final double[] NONE = {};

  /** A vector is cut into rows of this length, of which some make a task. */
  private static final int ROW_OF_VECTOR = 8_192;

  /** For each function a program of one loop; made at its first use. */
  private static final RowProgram[] FUNCTIONS = new RowProgram[UnaryOp.values().length];

  private final Matrix x = new Matrix();
  private final Matrix y = new Matrix();
  private final Matrix weight = new Matrix();
  private final Matrix bias = new Matrix();

  /** Copies of weight and bias. */
  private final ReusedMemory places = new ReusedMemory();

  private final RowLoops loops = new RowLoops();
  private final double[] params = new double[2];
  private int bytes;
  private int out;
  private long rows;
  private int columns;

  /** Where the rows begin in x and y. */
  private long firstRow;

  private long weightAt;
  private long biasAt;

  private RowCall() {}

  /** {@return a call that no one else uses; to be given back} */
  public static RowCall lend() {
    return IDLE.lend();
  }

  /** Lets others use it, and the garbage collector take the arrays. */
  public void giveBack() {
    x.clear();
    y.clear();
    weight.clear();
    bias.clear();
    firstRow = 0;
    IDLE.giveBack(this);
  }

  /** {@return the input, to be told where it lies} */
  public Matrix x() {
    return x;
  }

  /** {@return the output, which may be the input} */
  public Matrix y() {
    return y;
  }

  /** {@return the factors of a norm, one row} */
  public Matrix weight() {
    return weight;
  }

  /** {@return what a norm adds, one row} */
  public Matrix bias() {
    return bias;
  }

  /**
   * Computes softmax of each row.
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many
   * @param columns the length of each
   * @param threads the most threads that work on it
   */
  public void softmax(DType dtype, int rows, int columns, int threads) {
    run(Softmax.SOFTMAX, NONE, dtype, rows, columns, threads);
  }

  /**
   * Computes the logarithm of softmax of each row.
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many
   * @param columns the length of each
   * @param threads the most threads that work on it
   */
  public void logSoftmax(DType dtype, int rows, int columns, int threads) {
    run(Softmax.LOG_SOFTMAX, NONE, dtype, rows, columns, threads);
  }

  /**
   * Normalizes each row, with factors of 1 and nothing added where no one said otherwise.
   *
   * @param centered whether the mean is taken off
   * @param eps added to the variance
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param rows how many
   * @param columns the length of each
   * @param threads the most threads that work on it
   */
  public void normalize(
      boolean centered, double eps, DType dtype, int rows, int columns, int threads) {
    long size = (long) columns * dtype.byteSize();
    long copies = places.place(2 * size);
    weightAt = place(weight, columns, 1, dtype, copies);
    biasAt = place(bias, columns, 0, dtype, copies + size);
    params[0] = 1.0 / columns;
    params[1] = eps;
    RowProgram program = centered ? NormPrograms.NORMALIZE : NormPrograms.NORMALIZE_UNCENTERED;
    run(program, params, dtype, rows, columns, threads);
  }

  private static long place(Matrix row, int columns, double missing, DType dtype, long copy) {
    if (!row.isNowhere()) {
      return row.fetch(0, 0, 1, columns, copy);
    }
    Bytes.fill(dtype, missing, copy, columns);
    return copy;
  }

  /**
   * Computes a function of each number of a vector.
   *
   * @param op the function
   * @param dtype what the vectors are made of, {@code F32} or {@code F64}
   * @param n how many numbers there are
   * @param threads the most threads that work on it
   */
  public void function(UnaryOp op, DType dtype, long n, int threads) {
    RowProgram program = FUNCTIONS[op.ordinal()];
    if (program == null) {
      // Two threads may do it at once: their programs find the same kernels.
      program =
          new RowProgram(
              new Kind[] {Kind.FULL, Kind.FULL},
              1,
              RowProgram.map(Expr.unary(op, Expr.arg(0)), 1, 0));
      FUNCTIONS[op.ordinal()] = program;
    }
    x.cut(ROW_OF_VECTOR);
    y.cut(ROW_OF_VECTOR);
    long whole = n / ROW_OF_VECTOR;
    run(program, NONE, dtype, whole, ROW_OF_VECTOR, threads);
    firstRow = whole;
    run(program, NONE, dtype, 1, (int) (n % ROW_OF_VECTOR), threads);
  }

  private void run(
      RowProgram program, double[] scalars, DType dtype, long count, int length, int threads) {
    if (count == 0 || length == 0) {
      return;
    }
    bytes = dtype.byteSize();
    rows = count;
    columns = length;
    out = program.arrays() - 1;
    loops.of(program, dtype, scalars, true, rows, columns);
    loops.step(0, x.step(columns));
    for (int row = 1; row < out; row++) {
      loops.step(row, 0); // weight and bias: the same for all
    }
    loops.step(out, y.step(columns));
    long tiles = Math.ceilDiv(rows, loops.rowsOfTile());
    Workers.shared().run(Math.toIntExact(Math.ceilDiv(tiles, loops.tilesOfTask())), threads, this);
  }

  /**
   * Runs one task.
   *
   * @param task its number
   */
  @Override
  public void accept(int task) {
    int height = loops.rowsOfTile();
    long first = task * loops.tilesOfTask() * height;
    long end = Math.min(rows, first + loops.tilesOfTask() * height);
    ReusedMemory stage = STAGES.lend();
    try {
      RowMemory memory = RowMemory.local();
      long[] at = loops.addresses(memory);
      boolean copies = x.isCopied() || y.isCopied();
      long copy = stage.place(copies ? (long) height * columns * bytes : 0);
      if (out > 1) {
        at[1] = weightAt;
        at[2] = biasAt;
      }
      for (long row = first; row < end; row += height) {
        int count = (int) Math.min(height, end - row);
        at[0] = x.fetch(firstRow + row, 0, count, columns, copy);
        at[out] = y.address(firstRow + row, 0, copy);
        loops.run(memory, at, count);
        y.store(firstRow + row, 0, count, columns, copy);
      }
    } finally {
      STAGES.giveBack(stage);
    }
  }
}
