package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.lanewise.array.DType;
import java.lang.foreign.MemorySegment;

/** Blocks of {@code double}. */
final class DoubleBlocks extends Blocks {
  private static final ThreadLocal<DoubleBlocks> LOCAL = ThreadLocal.withInitial(DoubleBlocks::new);

  private static final double BIAS = VectorMath.roundingBias(DType.F64);
  private static final long BIAS_BITS = Double.doubleToRawLongBits(BIAS);
  private static final long ONE_BITS = Double.doubleToRawLongBits(1);
  private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));
  private static final int MANTISSA_BITS = 52;

  private double[][] registers = {};

  private DoubleBlocks() {}

  /** {@return the current thread's registers} */
  static DoubleBlocks local() {
    return LOCAL.get();
  }

  @Override
  void reserve(int count) {
    if (registers.length < count) {
      registers = new double[count][LENGTH];
    }
  }

  @Override
  void fill(int register, int from, int count, long scalarBits) {
    fill(registers[register], from, count, Double.longBitsToDouble(scalarBits));
  }

  @Override
  void fillFrom(long address, int register, int from, int count) {
    fill(registers[register], from, count, ALL.get(JAVA_DOUBLE, address));
  }

  private static void fill(double[] z, int from, int count, double value) {
    for (int i = from; i < from + count; i++) {
      z[i] = value;
    }
  }

  @Override
  void load(long address, int register, int from, int count) {
    MemorySegment.copy(ALL, JAVA_DOUBLE, address, registers[register], from, count);
  }

  @Override
  void store(int register, int from, int count, long address) {
    MemorySegment.copy(registers[register], from, ALL, JAVA_DOUBLE, address, count);
  }

  @Override
  void run(BlockProgram.Step step, int n) {
    double[] x = registers[step.a()];
    double[] y = registers[step.b()];
    double[] z = registers[step.target()];
    switch (step.op()) {
      case ADD -> add(x, y, z, n);
      case SUB -> sub(x, y, z, n);
      case MUL -> mul(x, y, z, n);
      case DIV -> div(x, y, z, n);
      case MAX -> max(x, y, z, n);
      case MIN -> min(x, y, z, n);
      case FMA -> fma(x, y, registers[step.c()], z, n);
      case NEG -> neg(x, z, n);
      case ABS -> abs(x, z, n);
      case SQRT -> sqrt(x, z, n);
      case EQ -> eq(x, y, z, n);
      case NE -> ne(x, y, z, n);
      case LT -> lt(x, y, z, n);
      case LE -> le(x, y, z, n);
      case GT -> lt(y, x, z, n);
      case GE -> le(y, x, z, n);
      case BLEND -> blend(x, y, registers[step.c()], z, n);
      case POW2 -> pow2(x, z, n);
      case LOG_EXPONENT -> logExponent(x, z, n);
      case LOG_MANTISSA -> logMantissa(x, z, n);
      case COPY_SIGN -> copySign(x, y, z, n);
      case SIN_FAR, COS_FAR, TAN_FAR -> far(step.op(), x, x, y, z, n);
      case REMAINDER_FAR -> far(step.op(), x, y, registers[step.c()], z, n);
      case ARG, PARAM, CONST -> throw new AssertionError(step + " is loaded, not computed");
    }
  }

  @Override
  void combine(Ssa.Op op, int x, int from, int target, int to, int count) {
    double[] values = registers[x];
    double[] sums = registers[target];
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

  private static void add(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] + y[i];
    }
  }

  private static void sub(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] - y[i];
    }
  }

  private static void mul(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] * y[i];
    }
  }

  private static void div(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] / y[i];
    }
  }

  private static void max(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.max(x[i], y[i]);
    }
  }

  private static void min(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.min(x[i], y[i]);
    }
  }

  private static void fma(double[] x, double[] y, double[] w, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.fma(x[i], y[i], w[i]);
    }
  }

  private static void neg(double[] x, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = -x[i];
    }
  }

  private static void abs(double[] x, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.abs(x[i]);
    }
  }

  private static void sqrt(double[] x, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.sqrt(x[i]);
    }
  }

  // A mask is 1 where it is set and 0 elsewhere.

  private static void eq(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] == y[i] ? 1 : 0;
    }
  }

  private static void ne(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] != y[i] ? 1 : 0;
    }
  }

  private static void lt(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] < y[i] ? 1 : 0;
    }
  }

  private static void le(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] <= y[i] ? 1 : 0;
    }
  }

  private static void blend(double[] mask, double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = mask[i] != 0 ? x[i] : y[i];
    }
  }

  private static void pow2(double[] x, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] =
          Double.longBitsToDouble((Double.doubleToRawLongBits(x[i]) << MANTISSA_BITS) + ONE_BITS);
    }
  }

  private static void logExponent(double[] x, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] =
          Double.longBitsToDouble(
                  ((Double.doubleToRawLongBits(x[i]) - SQRT_HALF_BITS) >> MANTISSA_BITS)
                      + BIAS_BITS)
              - BIAS;
    }
  }

  private static void logMantissa(double[] x, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToRawLongBits(x[i]);
      z[i] = Double.longBitsToDouble(bits - ((bits - SQRT_HALF_BITS) & (-1L << MANTISSA_BITS)));
    }
  }

  private static void copySign(double[] x, double[] y, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.copySign(x[i], y[i]);
    }
  }

  private static void far(Ssa.Op op, double[] x, double[] y, double[] near, double[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Double.isNaN(near[i]) ? FarArguments.value(op, x[i], y[i]) : near[i];
    }
  }
}
