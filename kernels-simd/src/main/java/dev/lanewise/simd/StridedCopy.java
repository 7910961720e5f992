package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.simd.gemm.Transpose;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/**
 * Copies elements between any two layouts of one shape. Where the innermost steps differ, as in a
 * transposition, it goes through small squares, so that both sides stay in the cache.
 */
final class StridedCopy implements IntConsumer {
  private static final int SQUARE = 16;
  private static final long TASK = 32_768;

  private static final int COLD_SHARE = 16;
  private static final int WARM_SQUARES = 1_000 * COLD_SHARE;

  /** For elements of 4 and of 8 bytes how many squares there were while that was cold. */
  private static final int[] SQUARES = new int[2];

  private final Nest nest;
  private final int tasks;

  /** The number of rows, squares apart, or of pieces of rows, and how many of them make a task. */
  private final long all;

  private final long perTask;

  /** Of a copy of rows: how long the pieces are, and how many make a row; else 0. */
  private final long piece;

  private final long pieces;

  /** Of a copy by squares: the axis of their other side, or -1, and how many rows go together. */
  private final int side;

  private final long rows;
  private final long rowsPerTask;
  private final long rowTasks;

  /**
   * Plans a copy of array 0 of a nest to array 1.
   *
   * @param nest two arrays that do not overlap; the target repeats no element
   */
  private StridedCopy(Nest nest) {
    nest.sortBy(1);
    nest.mergeAll();
    this.nest = nest;
    long cols = nest.innerExtent();
    if (nest.innerStride(0) == 1 && nest.innerStride(1) == 1) {
      this.rows = cols == 0 ? 0 : nest.size() / cols;
      long most = cols * nest.bytes >= 4 * Bytes.LARGE ? Bytes.LARGE / nest.bytes : TASK;
      this.piece = Math.max(1, Math.min(cols, most));
      this.pieces = (cols + piece - 1) / piece;
      this.perTask = Math.max(1, most / piece);
      this.all = rows * pieces;
      this.side = -1;
      this.rowsPerTask = 0;
      this.rowTasks = 0;
    } else {
      // The axis along which the source's steps are the smallest makes the square's other side.
      this.side = nest.rank() < 2 ? -1 : smallestStride(nest);
      this.rows = side < 0 ? 1 : nest.dims[side];
      long outer = nest.size() / Math.max(1, rows * cols);
      this.rowsPerTask =
          Math.clamp(TASK / Math.max(1, cols) / SQUARE * SQUARE, SQUARE, Math.max(SQUARE, rows));
      this.rowTasks = (rows + rowsPerTask - 1) / rowsPerTask;
      this.all = nest.size() == 0 ? 0 : outer * rowTasks;
      this.perTask = Math.max(1, TASK / Math.max(1, Math.min(rows, rowsPerTask) * cols));
      this.piece = 0;
      this.pieces = 0;
    }
    this.tasks = Math.toIntExact((all + perTask - 1) / perTask);
  }

  /**
   * {@return a copy that can be run any number of times, by one call at a time}
   *
   * @param dtype the type of the elements
   * @param from the layout of what is copied
   * @param to the layout of the target, of the same shape; it repeats no element
   */
  static StridedCopy of(DType dtype, Layout from, Layout to) {
    return of(Nest.of(dtype, from, to));
  }

  /** {@return such a copy of array 0 of a nest to array 1, at addresses still to be set} */
  static StridedCopy of(Nest nest) {
    return new StridedCopy(nest);
  }

  /**
   * Copies array 0 of a nest to array 1.
   *
   * @param nest two arrays that do not overlap; the target repeats no element
   */
  static void run(Nest nest, Workers workers) {
    StridedCopy copy = new StridedCopy(nest);
    workers.run(copy.tasks, copy);
    nest.keepReachable();
  }

  /**
   * Copies between arrays that the caller keeps reachable.
   *
   * @param from the address of the source's first element
   * @param to the address of the target's
   */
  void run(long from, long to, Workers workers) {
    nest.addresses[0] = from;
    nest.addresses[1] = to;
    workers.run(tasks, this);
  }

  @Override
  public void accept(int task) {
    long first = task * perTask;
    long end = Math.min(all, first + perTask);
    if (pieces == 0) {
      for (long i = first; i < end; i++) {
        long row = i % rowTasks * rowsPerTask;
        block(nest, side, i / rowTasks, row, Math.min(rows, row + rowsPerTask));
      }
    } else if (pieces == 1) {
      rows(nest, first, end);
    } else {
      for (long i = first; i < end; i++) {
        long col = i % pieces * piece;
        Bytes.copy(
            at(nest, 0, i / pieces, col),
            at(nest, 1, i / pieces, col),
            Math.min(piece, nest.innerExtent() - col) * nest.bytes);
      }
    }
  }

  private static long at(Nest nest, int array, long row, long col) {
    return nest.addresses[array] + (nest.rowOffset(array, row) + col) * nest.bytes;
  }

  private static void rows(Nest nest, long first, long end) {
    long bytes = nest.innerExtent() * nest.bytes;
    int axis = nest.rank() - 2;
    long run = axis < 0 ? 1 : nest.dims[axis];
    long fromStep = axis < 0 ? 0 : nest.strides[0][axis] * nest.bytes;
    long toStep = axis < 0 ? 0 : nest.strides[1][axis] * nest.bytes;
    for (long row = first; row < end; ) {
      long from = at(nest, 0, row, 0);
      long to = at(nest, 1, row, 0);
      for (long stop = Math.min(end, row - row % run + run); row < stop; row++) {
        Bytes.copy(from, to, bytes);
        from += fromStep;
        to += toStep;
      }
    }
  }

  private static int smallestStride(Nest nest) {
    int best = nest.rank() - 2;
    for (int axis = nest.rank() - 2; axis >= 0; axis--) {
      if (nest.strides[0][axis] < nest.strides[0][best]) {
        best = axis;
      }
    }
    return best;
  }

  private static void block(Nest nest, int side, long outer, long firstRow, long endRow) {
    int inner = nest.rank() - 1;
    long from = 0;
    long to = 0;
    long rest = outer;
    for (int axis = inner - 1; axis >= 0; axis--) {
      if (axis != side) {
        from += rest % nest.dims[axis] * nest.strides[0][axis];
        to += rest % nest.dims[axis] * nest.strides[1][axis];
        rest /= nest.dims[axis];
      }
    }
    long fromRow = side < 0 ? 0 : nest.strides[0][side];
    long toRow = side < 0 ? 0 : nest.strides[1][side];
    long fromCol = inner < 0 ? 0 : nest.strides[0][inner];
    long toCol = inner < 0 ? 0 : nest.strides[1][inner];
    long source = nest.addresses[0] + (from + firstRow * fromRow) * nest.bytes;
    long target = nest.addresses[1] + (to + firstRow * toRow) * nest.bytes;
    long rows = endRow - firstRow;
    long cols = nest.innerExtent();
    if (nest.bytes >= 4 && fromCol == 0 && toCol == 1) {
      for (long r = 0; r < rows; r++) {
        fill(nest.bytes, source + r * fromRow * nest.bytes, target + r * toRow * nest.bytes, cols);
      }
      return;
    }
    boolean turned = nest.bytes >= 4 && Transpose.isFast(nest.bytes) && fromRow == 1 && toCol == 1;
    for (long r = 0; r < rows; r += SQUARE) {
      int high = (int) Math.min(SQUARE, rows - r);
      for (long c = 0; c < cols; c += SQUARE) {
        int wide = (int) Math.min(SQUARE, cols - c);
        long s = source + (r * fromRow + c * fromCol) * nest.bytes;
        long t = target + (r * toRow + c * toCol) * nest.bytes;
        if (turned && high == SQUARE && wide == SQUARE && inRegisters(nest.bytes)) {
          turn(s, fromCol * nest.bytes, t, toRow * nest.bytes, nest.bytes);
          continue;
        }
        switch (nest.bytes) {
          case 1 -> bytes(s, fromRow, fromCol, t, toRow, toCol, high, wide);
          case 2 -> shorts(s, fromRow, fromCol, t, toRow, toCol, high, wide);
          case 4 -> ints(s, fromRow, fromCol, t, toRow, toCol, high, wide);
          case 8 -> longs(s, fromRow, fromCol, t, toRow, toCol, high, wide);
          default -> throw new AssertionError(nest.bytes + " bytes");
        }
      }
    }
  }

  private static void fill(int bytes, long source, long target, long count) {
    MemorySegment from = ALL.asSlice(source, bytes);
    if (bytes == 4) {
      Bytes.fill(from.get(JAVA_INT, 0), target, count);
    } else {
      Bytes.fill(from.get(JAVA_LONG, 0), target, count);
    }
  }

  /**
   * {@return whether to transpose the next square in vector registers} Until the JIT has compiled
   * that, it takes a hundred times longer than the scalar loop, so that does most of the work.
   */
  private static boolean inRegisters(int bytes) {
    int squares = SQUARES[bytes / 8];
    if (squares >= WARM_SQUARES) {
      return true;
    }
    SQUARES[bytes / 8] = squares + 1; // several threads may lose some
    return squares % COLD_SHARE == 0;
  }

  /** Transposes a square: neighbours in a source's column become neighbours in a target's row. */
  private static void turn(long s, long fromCol, long t, long toRow, long bytes) {
    Transpose transpose = Transpose.of((int) bytes);
    int side = Transpose.side((int) bytes);
    for (int r = 0; r < SQUARE; r += side) {
      for (int c = 0; c < SQUARE; c += side) {
        transpose.square(
            side, s + r * bytes + c * fromCol, fromCol, t + r * toRow + c * bytes, toRow);
      }
    }
  }

  private static MemorySegment square(long at, long row, long col, int high, int wide, int bytes) {
    return ALL.asSlice(at, ((high - 1) * row + (wide - 1) * col + 1) * bytes);
  }

  // Four loops that differ in the element's type alone: a shared one would dispatch on each
  // element.

  private static void bytes(
      long s, long sRow, long sCol, long t, long tRow, long tCol, int high, int wide) {
    MemorySegment from = square(s, sRow, sCol, high, wide, 1);
    MemorySegment to = square(t, tRow, tCol, high, wide, 1);
    for (int r = 0; r < high; r++) {
      for (int c = 0; c < wide; c++) {
        to.set(JAVA_BYTE, r * tRow + c * tCol, from.get(JAVA_BYTE, r * sRow + c * sCol));
      }
    }
  }

  private static void shorts(
      long s, long sRow, long sCol, long t, long tRow, long tCol, int high, int wide) {
    MemorySegment from = square(s, sRow, sCol, high, wide, 2);
    MemorySegment to = square(t, tRow, tCol, high, wide, 2);
    for (int r = 0; r < high; r++) {
      for (int c = 0; c < wide; c++) {
        to.setAtIndex(
            JAVA_SHORT, r * tRow + c * tCol, from.getAtIndex(JAVA_SHORT, r * sRow + c * sCol));
      }
    }
  }

  private static void ints(
      long s, long sRow, long sCol, long t, long tRow, long tCol, int high, int wide) {
    MemorySegment from = square(s, sRow, sCol, high, wide, 4);
    MemorySegment to = square(t, tRow, tCol, high, wide, 4);
    for (int r = 0; r < high; r++) {
      for (int c = 0; c < wide; c++) {
        to.setAtIndex(
            JAVA_INT, r * tRow + c * tCol, from.getAtIndex(JAVA_INT, r * sRow + c * sCol));
      }
    }
  }

  private static void longs(
      long s, long sRow, long sCol, long t, long tRow, long tCol, int high, int wide) {
    MemorySegment from = square(s, sRow, sCol, high, wide, 8);
    MemorySegment to = square(t, tRow, tCol, high, wide, 8);
    for (int r = 0; r < high; r++) {
      for (int c = 0; c < wide; c++) {
        to.setAtIndex(
            JAVA_LONG, r * tRow + c * tCol, from.getAtIndex(JAVA_LONG, r * sRow + c * sCol));
      }
    }
  }
}
