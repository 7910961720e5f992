package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.array.DType;
import java.lang.foreign.MemorySegment;

/** Blocks of {@code float}. */
final class FloatBlocks extends Blocks {
  private static final ThreadLocal<FloatBlocks> LOCAL = ThreadLocal.withInitial(FloatBlocks::new);

  private static final float BIAS = (float) VectorMath.roundingBias(DType.F32);
  private static final int BIAS_BITS = Float.floatToRawIntBits(BIAS);
  private static final int ONE_BITS = Float.floatToRawIntBits(1);
  private static final int SQRT_HALF_BITS = Float.floatToRawIntBits((float) Math.sqrt(0.5));
  private static final int MANTISSA_BITS = 23;

  private float[][] registers = {};

  private FloatBlocks() {}

  /** {@return the current thread's registers} */
  static FloatBlocks local() {
    return LOCAL.get();
  }

  @Override
  void reserve(int count) {
    if (registers.length < count) {
      registers = new float[count][LENGTH];
    }
  }

  @Override
  void fill(int register, int from, int count, long scalarBits) {
    fill(registers[register], from, count, (float) Double.longBitsToDouble(scalarBits));
  }

  @Override
  void fillFrom(long address, int register, int from, int count) {
    fill(registers[register], from, count, ALL.get(JAVA_FLOAT, address));
  }

  private static void fill(float[] z, int from, int count, float value) {
    for (int i = from; i < from + count; i++) {
      z[i] = value;
    }
  }

  @Override
  void load(long address, int register, int from, int count) {
    MemorySegment.copy(ALL, JAVA_FLOAT, address, registers[register], from, count);
  }

  @Override
  void store(int register, int from, int count, long address) {
    MemorySegment.copy(registers[register], from, ALL, JAVA_FLOAT, address, count);
  }

  @Override
  void run(BlockProgram.Step step, int n) {
    float[] x = registers[step.a()];
    float[] y = registers[step.b()];
    float[] z = registers[step.target()];
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
    float[] values = registers[x];
    float[] sums = registers[target];
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

  private static void add(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] + y[i];
    }
  }

  private static void sub(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] - y[i];
    }
  }

  private static void mul(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] * y[i];
    }
  }

  private static void div(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] / y[i];
    }
  }

  private static void max(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.max(x[i], y[i]);
    }
  }

  private static void min(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.min(x[i], y[i]);
    }
  }

  private static void fma(float[] x, float[] y, float[] w, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.fma(x[i], y[i], w[i]);
    }
  }

  private static void neg(float[] x, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = -x[i];
    }
  }

  private static void abs(float[] x, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.abs(x[i]);
    }
  }

  private static void sqrt(float[] x, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = (float) Math.sqrt(x[i]);
    }
  }

  // A mask is 1 where it is set and 0 elsewhere.

  private static void eq(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] == y[i] ? 1 : 0;
    }
  }

  private static void ne(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] != y[i] ? 1 : 0;
    }
  }

  private static void lt(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] < y[i] ? 1 : 0;
    }
  }

  private static void le(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = x[i] <= y[i] ? 1 : 0;
    }
  }

  private static void blend(float[] mask, float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = mask[i] != 0 ? x[i] : y[i];
    }
  }

  private static void pow2(float[] x, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Float.intBitsToFloat((Float.floatToRawIntBits(x[i]) << MANTISSA_BITS) + ONE_BITS);
    }
  }

  private static void logExponent(float[] x, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] =
          Float.intBitsToFloat(
                  ((Float.floatToRawIntBits(x[i]) - SQRT_HALF_BITS) >> MANTISSA_BITS) + BIAS_BITS)
              - BIAS;
    }
  }

  private static void logMantissa(float[] x, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToRawIntBits(x[i]);
      z[i] = Float.intBitsToFloat(bits - ((bits - SQRT_HALF_BITS) & (-1 << MANTISSA_BITS)));
    }
  }

  private static void copySign(float[] x, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Math.copySign(x[i], y[i]);
    }
  }

  private static void far(Ssa.Op op, float[] x, float[] y, float[] near, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      z[i] = Float.isNaN(near[i]) ? (float) FarArguments.value(op, x[i], y[i]) : near[i];
    }
  }
}
