package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ScanSpec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A scan made ready. Lines that lie side by side advance together, in loops over Java arrays that
 * the JIT makes vector loops of; along a line each step waits for the one before. Computed in 64
 * bits, pieces at a time.
 */
final class ScanPlan extends LinesPlan {
  private static final int PIECE = 512;
  private static final long TASK = 32_768;

  private final ReduceOp op;
  private final boolean exclusive;
  private final boolean reverse;

  ScanPlan(Signature call, ScanSpec spec, Workers workers) {
    super(call, spec.x(), spec.axis(), spec.out(), PIECE, TASK, workers);
    this.op = spec.op();
    this.exclusive = spec.exclusive();
    this.reverse = spec.reverse();
  }

  /** A thread's memory: elements as they are stored, in 64 bits, and the results so far. */
  private static final class Memory {
    static final ThreadLocal<Memory> LOCAL = ThreadLocal.withInitial(Memory::new);

    final float[] floats = new float[PIECE];
    final int[] ints = new int[PIECE];
    final double[] doubles = new double[PIECE];
    final double[] doubleResults = new double[PIECE];
    final long[] longs = new long[PIECE];
    final long[] longResults = new long[PIECE];
  }

  @Override
  void rows(long first, long end) {
    Memory memory = Memory.LOCAL.get();
    for (long row = first; row < end; row++) {
      start(memory);
      line(memory, row * lines.extent());
    }
  }

  @Override
  void columns(long block, long column, int count) {
    Memory memory = Memory.LOCAL.get();
    start(memory);
    columns(memory, block * lines.extent() * lines.inner() + column, count);
  }

  private void start(Memory memory) {
    if (dtype.isFloating()) {
      Arrays.fill(memory.doubleResults, op.identity());
      return;
    }
    Arrays.fill(memory.longResults, op.identity(dtype));
  }

  private void columns(Memory memory, long first, int count) {
    int extent = lines.extent();
    for (int j = 0; j < extent; j++) {
      long at = first + (reverse ? extent - 1 - j : j) * lines.inner();
      load(memory, at, count);
      if (exclusive) {
        storeResults(memory, at, count);
      }
      if (dtype.isFloating()) {
        combine(op, memory.doubles, memory.doubleResults, count);
      } else {
        combine(op, memory.longs, memory.longResults, count);
      }
      if (!exclusive) {
        storeResults(memory, at, count);
      }
    }
  }

  private void storeResults(Memory memory, long at, int count) {
    store(memory, memory.doubleResults, memory.longResults, at, count);
  }

  private void line(Memory memory, long first) {
    int extent = lines.extent();
    for (int done = 0; done < extent; done += PIECE) {
      int count = Math.min(PIECE, extent - done);
      long at = first + (reverse ? extent - done - count : done);
      load(memory, at, count);
      if (dtype.isFloating()) {
        along(memory.doubles, memory.doubleResults, count);
      } else {
        along(memory.longs, memory.longResults, count);
      }
      store(memory, memory.doubles, memory.longs, at, count);
    }
  }

  /** Combines along a piece of a line; the result so far is the first of {@code results}. */
  private void along(double[] values, double[] results, int count) {
    double before = results[0];
    if (reverse) {
      turn(values, count);
    }
    results[0] = along(op, values, before, count);
    if (exclusive) {
      System.arraycopy(values, 0, values, 1, count - 1);
      values[0] = before;
    }
    if (reverse) {
      turn(values, count);
    }
  }

  private void along(long[] values, long[] results, int count) {
    long before = results[0];
    if (reverse) {
      turn(values, count);
    }
    results[0] = along(op, values, before, count);
    if (exclusive) {
      System.arraycopy(values, 0, values, 1, count - 1);
      values[0] = before;
    }
    if (reverse) {
      turn(values, count);
    }
  }

  private static void turn(double[] values, int count) {
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      double value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  private static void turn(long[] values, int count) {
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      long value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  private static double along(ReduceOp op, double[] values, double result, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          values[i] = result += values[i];
        }
      }
      case PROD -> {
        for (int i = 0; i < count; i++) {
          values[i] = result *= values[i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          values[i] = result = Math.max(result, values[i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          values[i] = result = Math.min(result, values[i]);
        }
      }
    }
    return result;
  }

  private static long along(ReduceOp op, long[] values, long result, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          values[i] = result += values[i];
        }
      }
      case PROD -> {
        for (int i = 0; i < count; i++) {
          values[i] = result *= values[i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          values[i] = result = Math.max(result, values[i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          values[i] = result = Math.min(result, values[i]);
        }
      }
    }
    return result;
  }

  private static void combine(ReduceOp op, double[] values, double[] results, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          results[i] += values[i];
        }
      }
      case PROD -> {
        for (int i = 0; i < count; i++) {
          results[i] *= values[i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          results[i] = Math.max(results[i], values[i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          results[i] = Math.min(results[i], values[i]);
        }
      }
    }
  }

  private static void combine(ReduceOp op, long[] values, long[] results, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          results[i] += values[i];
        }
      }
      case PROD -> {
        for (int i = 0; i < count; i++) {
          results[i] *= values[i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          results[i] = Math.max(results[i], values[i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          results[i] = Math.min(results[i], values[i]);
        }
      }
    }
  }

  /** Reads elements into the memory's doubles or longs. */
  private void load(Memory memory, long element, int count) {
    long at = from + element * dtype.byteSize();
    switch (dtype) {
      case F32 -> {
        MemorySegment.copy(ALL, JAVA_FLOAT, at, memory.floats, 0, count);
        widen(memory.floats, memory.doubles, count);
      }
      case F64 -> MemorySegment.copy(ALL, JAVA_DOUBLE, at, memory.doubles, 0, count);
      case I32 -> {
        MemorySegment.copy(ALL, JAVA_INT, at, memory.ints, 0, count);
        widen(memory.ints, memory.longs, count);
      }
      case I64 -> MemorySegment.copy(ALL, JAVA_LONG, at, memory.longs, 0, count);
      case BOOL, F16, BF16 -> throw new AssertionError(dtype);
    }
  }

  private void store(Memory memory, double[] doubles, long[] longs, long element, int count) {
    long at = to + element * dtype.byteSize();
    switch (dtype) {
      case F32 -> {
        narrow(doubles, memory.floats, count);
        MemorySegment.copy(memory.floats, 0, ALL, JAVA_FLOAT, at, count);
      }
      case F64 -> MemorySegment.copy(doubles, 0, ALL, JAVA_DOUBLE, at, count);
      case I32 -> {
        narrow(longs, memory.ints, count);
        MemorySegment.copy(memory.ints, 0, ALL, JAVA_INT, at, count);
      }
      case I64 -> MemorySegment.copy(longs, 0, ALL, JAVA_LONG, at, count);
      case BOOL, F16, BF16 -> throw new AssertionError(dtype);
    }
  }

  private static void widen(float[] x, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = x[i];
    }
  }

  private static void narrow(double[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = (float) x[i];
    }
  }

  private static void widen(int[] x, long[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = x[i];
    }
  }

  private static void narrow(long[] x, int[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = (int) x[i];
    }
  }
}
