package dev.lanewise.simd;

import dev.lanewise.array.DType;
import java.util.ArrayList;
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
    ARG,
    /** A scalar of the call, in all lanes; {@code a} is its number. */
    PARAM,
    /** A constant in all lanes. */
    CONST,
    ADD,
    SUB,
    MUL,
    DIV,
    MAX,
    MIN,
    /** {@code a · b + c}, rounded once. */
    FMA,
    NEG,
    ABS,
    SQRT,
    /** Comparisons give a mask. */
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE,
    /** {@code mask a ? b : c}. */
    BLEND,
    /** 2ⁿ from {@code a = n + } {@link VectorMath#roundingBias}, where 2ⁿ is normal. */
    POW2,
    /** The exponent e of a positive normal number m · 2ᵉ with m in [√½, √2). */
    LOG_EXPONENT,
    /** The m of {@link #LOG_EXPONENT}. */
    LOG_MANTISSA;

    boolean isMask() {
      return switch (this) {
        case EQ, NE, LT, LE, GT, GE -> true;
        case ARG,
            PARAM,
            CONST,
            ADD,
            SUB,
            MUL,
            DIV,
            MAX,
            MIN,
            FMA,
            NEG,
            ABS,
            SQRT,
            BLEND,
            POW2,
            LOG_EXPONENT,
            LOG_MANTISSA ->
            false;
      };
    }
  }

  /**
   * One instruction.
   *
   * @param op what to do
   * @param a the first operand's number
   * @param b the second's
   * @param c the third's
   * @param valueBits the raw bits of a constant
   */
  record Instruction(Op op, int a, int b, int c, long valueBits) {
    double value() {
      return Double.longBitsToDouble(valueBits);
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
    return emit(Op.CONST, 0, 0, 0, Double.doubleToRawLongBits(value));
  }

  int emit(Op op, int a) {
    return emit(op, a, 0, 0, 0);
  }

  int emit(Op op, int a, int b) {
    return emit(op, a, b, 0, 0);
  }

  int fma(int a, int b, int c) {
    return emit(Op.FMA, a, b, c, 0);
  }

  /** {@return {@code ifTrue} where the mask is set, else {@code ifFalse}} */
  int blend(int mask, int ifTrue, int ifFalse) {
    return emit(Op.BLEND, mask, ifTrue, ifFalse, 0);
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

  boolean isMask(int value) {
    return code.get(value).op().isMask();
  }
}
