package dev.lanewise.simd;

import dev.lanewise.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The straight-line program of one loop iteration: each instruction has a number and names earlier
 * ones. Building it twice gives the same number, so common parts are computed once. Lowered from
 * expressions by {@link Lowering}; turned into bytecode by {@link LoopCompiler}.
 */
final class Ssa {

  /** The instructions that have a vector instruction, or a few, of their own. */
  enum Op {
    /** An array's elements; {@code a} is the array's number. */
    ARG(0),
    /** A scalar of the call, in all lanes; {@code a} is its number. */
    PARAM(0),
    /** A constant in all lanes. */
    CONST(0),
    ADD(2),
    SUB(2),
    MUL(2),
    /** Of integers cut off towards 0, and 0 by 0; only {@link Blocks} divide those. */
    DIV(2),
    MAX(2),
    MIN(2),
    /** {@code a · b + c}, rounded once. */
    FMA(3),
    NEG(1),
    ABS(1),
    SQRT(1),
    /** Comparisons give a mask. */
    EQ(2),
    NE(2),
    LT(2),
    LE(2),
    GT(2),
    GE(2),
    /** {@code mask a ? b : c}. */
    BLEND(3),
    /** 2ⁿ from {@code a = n + } {@link VectorMath#roundingBias}, where 2ⁿ is normal. */
    POW2(1),
    /** The exponent e of a positive normal number m · 2ᵉ with m in [√½, √2). */
    LOG_EXPONENT(1),
    /** The m of {@link #LOG_EXPONENT}. */
    LOG_MANTISSA(1),
    /** The size of {@code a} with the sign of {@code b}. */
    COPY_SIGN(2),
    /** {@code b}, or where that is NaN, the sine of {@code a}: see {@link FarArguments}. */
    SIN_FAR(2),
    /** {@code b}, or where that is NaN, the cosine of {@code a}. */
    COS_FAR(2),
    /** {@code b}, or where that is NaN, the tangent of {@code a}. */
    TAN_FAR(2),
    /** {@code c}, or where that is NaN, the remainder of {@code a / b}. */
    REMAINDER_FAR(3);

    private static final EnumSet<Op> MASKS = EnumSet.of(EQ, NE, LT, LE, GT, GE);

    private final int operands;

    Op(int operands) {
      this.operands = operands;
    }

    /** {@return how many values the instruction computes with; 0 if it only loads one} */
    int operands() {
      return operands;
    }

    boolean isMask() {
      return MASKS.contains(this);
    }
  }

  /**
   * One instruction.
   *
   * @param op what to do
   * @param a the first operand's number
   * @param b the second's
   * @param c the third's
   * @param valueBits a constant, as {@link #scalarBits} gives it
   */
  record Instruction(Op op, int a, int b, int c, long valueBits) {
    /** {@return the numbers of the values that it computes with} */
    int[] operands() {
      return Arrays.copyOf(new int[] {a, b, c}, op.operands());
    }
  }

  private final DType dtype;
  private final List<Instruction> code = new ArrayList<>();
  private final Map<Instruction, Integer> known = new HashMap<>();

  Ssa(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }

  List<Instruction> code() {
    return code;
  }

  int size() {
    return code.size();
  }

  private int emit(Op op, int a, int b, int c, long valueBits) {
    Instruction i = new Instruction(op, a, b, c, valueBits);
    return known.computeIfAbsent(
        i,
        fresh -> {
          code.add(fresh);
          return code.size() - 1;
        });
  }

  int arg(int index) {
    return emit(Op.ARG, index, 0, 0, 0);
  }

  int param(int index) {
    return emit(Op.PARAM, index, 0, 0, 0);
  }

  int constant(double value) {
    return emit(Op.CONST, 0, 0, 0, scalarBits(dtype, value));
  }

  /**
   * {@return a scalar in 64 bits: of floating-point types those of a double, which is not yet
   * rounded, of integer types the integer}
   */
  static long scalarBits(DType dtype, double value) {
    return dtype.isInteger() ? (long) value : Double.doubleToRawLongBits(value);
  }

  /** {@return an instruction of another program, whose operands have these numbers here} */
  int copy(Instruction other, int... operands) {
    if (operands.length == 0) {
      return emit(other.op, other.a, 0, 0, other.valueBits);
    }
    int[] three = Arrays.copyOf(operands, 3);
    return emit(other.op, three[0], three[1], three[2], 0);
  }

  int emit(Op op, int a) {
    return emit(op, a, 0, 0, 0);
  }

  int emit(Op op, int a, int b) {
    return emit(op, a, b, 0, 0);
  }

  int emit(Op op, int a, int b, int c) {
    return emit(op, a, b, c, 0);
  }

  int fma(int a, int b, int c) {
    return emit(Op.FMA, a, b, c);
  }

  /** {@return {@code ifTrue} where the mask is set, else {@code ifFalse}} */
  int blend(int mask, int ifTrue, int ifFalse) {
    return emit(Op.BLEND, mask, ifTrue, ifFalse);
  }

  int add(int a, int b) {
    return emit(Op.ADD, a, b);
  }

  int sub(int a, int b) {
    return emit(Op.SUB, a, b);
  }

  int mul(int a, int b) {
    return emit(Op.MUL, a, b);
  }

  int div(int a, int b) {
    return emit(Op.DIV, a, b);
  }

  /**
   * {@return whether integers are divided} No processor has a vector instruction for it, and the
   * vector classes make an object for each vector: loops that divide are not compiled.
   */
  boolean dividesIntegers() {
    return dtype.isInteger() && code.stream().anyMatch(i -> i.op() == Op.DIV);
  }

  /** {@return whether lanes are compared} */
  boolean hasMasks() {
    return code.stream().anyMatch(i -> i.op().isMask());
  }

  boolean isMask(int value) {
    return code.get(value).op().isMask();
  }
}
