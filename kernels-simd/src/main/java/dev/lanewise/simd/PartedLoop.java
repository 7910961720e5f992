package dev.lanewise.simd;

import java.util.List;

/**
 * A compiled loop in several methods, each of which C2 inlines completely. They run one after the
 * other over strips that are short enough for what they pass on to stay in the innermost cache, or
 * as short as a reduction may be cut: its callers see to that by the rows and columns they give.
 */
final class PartedLoop extends LoopKernel {
  /** The elements of a strip: a few temporaries of so many fit into 32 KB. */
  private static final int STRIP = 1_024;

  /** The narrowest strip of a reduction down columns: a few cache lines of each row. */
  private static final int NARROWEST = 64;

  private static final ThreadLocal<Memory> MEMORY = ThreadLocal.withInitial(Memory::new);

  private final LoopSpec whole;
  private final LoopKernel[] kernels;
  private final int[][] arrays;
  private final int own;
  private final int bytes;
  private final int temporaries;

  private PartedLoop(LoopSpec whole, List<LoopPart> parts, String name, boolean maskedLoads) {
    this.whole = whole;
    this.kernels = new LoopKernel[parts.size()];
    this.arrays = new int[kernels.length][];
    this.own = whole.inputs() + whole.outputs();
    this.bytes = whole.dtype().byteSize();
    int most = own;
    for (int i = 0; i < kernels.length; i++) {
      LoopPart part = parts.get(i);
      kernels[i] = LoopCompiler.compile(part.spec(), name + "_" + i, maskedLoads);
      arrays[i] = part.arrays();
      for (int array : arrays[i]) {
        most = Math.max(most, array + 1);
      }
    }
    this.temporaries = most - own;
  }

  /** {@return the compiled loop, in parts if it is long} */
  static LoopKernel compile(LoopSpec loop, String name) {
    return compile(loop, name, LoopCompiler.MASKED_LOADS);
  }

  /** {@return the compiled loop for processors with or without masked loads} */
  static LoopKernel compile(LoopSpec loop, String name, boolean maskedLoads) {
    List<LoopPart> parts = LoopPart.of(loop);
    return parts.size() == 1
        ? LoopCompiler.compile(loop, name, maskedLoads)
        : new PartedLoop(loop, parts, name, maskedLoads);
  }

  /** A thread's temporaries, and its pointers for one part. */
  private static final class Memory {
    private final ReusedMemory places = new ReusedMemory();
    private long[] pointers = new long[32];

    long[] pointers(int length) {
      if (pointers.length < length) {
        pointers = new long[2 * length];
      }
      return pointers;
    }
  }

  @Override
  void run(long[] pointers, double[] params, int rows, int cols) {
    if (rows == 0) {
      for (LoopKernel kernel : kernels) {
        kernel.run(pointers, params, 0, 0);
      }
      return;
    }
    boolean down = whole.form() == Form.COLUMN;
    int widest = down ? Math.max(NARROWEST, STRIP / rows / NARROWEST * NARROWEST) : STRIP;
    int width = whole.form() == Form.ROW ? cols : Math.min(cols, widest);
    int height = down ? rows : Math.clamp(STRIP / width, 1, rows);
    Memory memory = MEMORY.get();
    for (int row = 0; row < rows; row += height) {
      for (int col = 0; col < cols; col += width) {
        strip(
            memory,
            pointers,
            params,
            row,
            Math.min(height, rows - row),
            col,
            Math.min(width, cols - col));
      }
    }
  }

  private void strip(
      Memory memory, long[] pointers, double[] params, int row, int rows, int col, int cols) {
    long rowBytes = (long) cols * bytes;
    long temporaryBytes = Scratch.aligned(rows * rowBytes);
    long place = memory.places.place(temporaries * temporaryBytes);
    for (int i = 0; i < kernels.length; i++) {
      int[] used = arrays[i];
      long[] at = memory.pointers(2 * used.length);
      for (int j = 0; j < used.length; j++) {
        int array = used[j];
        if (array >= own) {
          at[2 * j] = place + (array - own) * temporaryBytes;
          at[2 * j + 1] = rowBytes;
        } else {
          long step = pointers[2 * array + 1];
          long columns = hasColumns(array) ? (long) col * bytes : 0;
          at[2 * j] = pointers[2 * array] + row * step + columns;
          at[2 * j + 1] = step;
        }
      }
      kernels[i].run(at, params, rows, cols);
    }
  }

  /** {@return whether an array of the loop has an element for each column} */
  private boolean hasColumns(int array) {
    return array < whole.inputs() ? !whole.rowConstant()[array] : whole.form() != Form.ROW;
  }
}
