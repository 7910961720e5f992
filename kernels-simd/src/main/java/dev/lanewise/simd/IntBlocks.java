package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Blocks of {@code int}. */
final class IntBlocks extends Blocks {
  private static final ThreadLocal<IntBlocks> LOCAL = ThreadLocal.withInitial(IntBlocks::new);

  private int[][] registers = {};

  private IntBlocks() {}

  /** {@return the current thread's registers} */
  static IntBlocks local() {
    return LOCAL.get();
  }

  @Override
  void reserve(int count) {
    if (registers.length < count) {
      registers = new int[count][LENGTH];
    }
  }

  @Override
  void fill(int register, int from, int count, long scalarBits) {
    fill(registers[register], from, count, (int) scalarBits);
  }

  @Override
  void fillFrom(long address, int register, int from, int count) {
    fill(registers[register], from, count, ALL.get(JAVA_INT, address));
  }

  private static void fill(int[] z, int from, int count, int value) {
    for (int i = from; i < from + count; i++) {
      z[i] = value;
    }
  }

  @Override
  void load(long address, int register, int from, int count) {
    MemorySegment.copy(ALL, JAVA_INT, address, registers[register], from, count);
  }

  @Override
  void store(int register, int from, int count, long address) {
    MemorySegment.copy(registers[register], from, ALL, JAVA_INT, address, count);
  }

  @Override
  void run(BlockProgram.Step step, int n) {
    int[] x = registers[step.a()];
    int[] y = registers[step.b()];
    int[] z = registers[step.target()];
    switch (step.op()) {
      case ADD -> add(x, y, z, n);
      case SUB -> sub(x, y, z, n);
      case MUL -> mul(x, y, z, n);
      case DIV -> div(x, y, z, n);
      case MAX -> max(x, y, z, n);
      case MIN -> min(x, y, z, n);
      case NEG -> neg(x, z, n);
      case EQ -> eq(x, y, z, n);
      case NE -> ne(x, y, z, n);
      case LT -> lt(x, y, z, n);
      case LE -> le(x, y, z, n);
      case GT -> lt(y, x, z, n);
      case GE -> le(y, x, z, n);
      case BLEND -> blend(x, y, registers[step.c()], z, n);
      case FMA,
          ABS,
          SQRT,
          POW2,
          LOG_EXPONENT,
          LOG_MANTISSA,
          COPY_SIGN,
          SIN_FAR,
          COS_FAR,
          TAN_FAR,
          REMAINDER_FAR ->
          throw new AssertionError(step + " is not for integers");
      case ARG, PARAM, CONST -> throw new AssertionError(step + " is loaded, not computed");
    }
  }

  @Override
  void combine(Ssa.Op op, int x, int from, int target, int to, int count) {
    int[] values = registers[x];
    int[] sums = registers[target];
    switch (op) {
      case ADD -> {
        for (int i = 0; i < count; i++) {
          sums[to + i] += values[from + i];
        }
      }
      case MUL -> {
        for (int i = 0; i < count; i++) {
          sums[to + i] *= values[from + i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          sums[to + i] = Math.max(values[from + i], sums[to + i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          sums[to + i] = Math.min(values[from + i], sums[to + i]);
        }
      }
      default -> throw new AssertionError(op + " combines nothing");
    }
  }

  private static void add(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] + y[i];
    }
  }

  private static void sub(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] - y[i];
    }
  }

  private static void mul(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] * y[i];
    }
  }

  /**
   * By way of double, which holds each quotient of two ints closely enough to be cut off rightly:
   * its division takes half the time. The cast to long first lets the quotient 2³¹ wrap around.
   */
  private static void div(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = y[i] == 0 ? 0 : (int) (long) ((double) x[i] / y[i]);
    }
  }

  private static void max(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.max(x[i], y[i]);
    }
  }

  private static void min(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.min(x[i], y[i]);
    }
  }

  private static void neg(int[] x, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = -x[i];
    }
  }

  // A mask is 1 where it is set and 0 elsewhere.

  private static void eq(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] == y[i] ? 1 : 0;
    }
  }

  private static void ne(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] != y[i] ? 1 : 0;
    }
  }

  private static void lt(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] < y[i] ? 1 : 0;
    }
  }

  private static void le(int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] <= y[i] ? 1 : 0;
    }
  }

  private static void blend(int[] mask, int[] x, int[] y, int[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = mask[i] != 0 ? x[i] : y[i];
    }
  }
}
