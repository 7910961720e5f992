package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns expressions into the instructions of a loop body. This is the second of the three places
 * that a new elementwise operation touches: its vector body stands here, or in {@link VectorMath}
 * if it is longer than a line.
 */
final class Lowering {
  private final Ssa ssa;
  private final VectorMath math;
  private final Rounding rounding;
  private final Trigonometry angles;
  private final Hyperbolics hyperbolics;
  private final ErrorFunctions errors;
  private final Powers powers;
  private final Map<Expr, Integer> values = new HashMap<>();

  private Lowering(DType dtype) {
    this.ssa = new Ssa(dtype);
    this.math = new VectorMath(ssa);
    this.rounding = new Rounding(ssa);
    this.angles = new Trigonometry(ssa);
    this.hyperbolics = new Hyperbolics(math);
    this.errors = new ErrorFunctions(math);
    this.powers = new Powers(math, rounding);
  }

  /**
   * The body of a loop.
   *
   * @param ssa its instructions
   * @param results the number of the value of each expression
   */
  record Body(Ssa ssa, int[] results) {}

  /** {@return the body that computes the expressions} */
  static Body lower(DType dtype, List<Expr> exprs) {
    Lowering lowering = new Lowering(dtype);
    int[] results = new int[exprs.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = lowering.number(lowering.value(exprs.get(i)));
    }
    return new Body(lowering.ssa, results);
  }

  private int value(Expr root) {
    for (Expr part : Exprs.parts(root)) {
      if (!values.containsKey(part)) {
        values.put(part, lower(part));
      }
    }
    return values.get(root);
  }

  private int lower(Expr part) {
    return switch (part) {
      case Expr.Arg a -> ssa.arg(a.index());
      case Expr.Param p -> ssa.param(p.index());
      case Expr.Const c -> ssa.constant(c.value());
      case Expr.Unary u when ssa.dtype().isInteger() -> integer(u.op(), number(values.get(u.x())));
      case Expr.Unary u -> unary(u.op(), number(values.get(u.x())));
      case Expr.Binary b -> binary(b.op(), number(values.get(b.x())), number(values.get(b.y())));
      case Expr.Select s ->
          ssa.blend(
              mask(values.get(s.condition())),
              number(values.get(s.ifTrue())),
              number(values.get(s.ifFalse())));
    };
  }

  /** What integers have in a way of their own: all are whole and finite. */
  private int integer(UnaryOp op, int x) {
    return switch (op) {
      case FLOOR, CEIL, ROUND, TRUNC -> x;
      case IS_NAN, IS_INF -> ssa.constant(0);
      case IS_FINITE -> ssa.constant(1);
      // AVX2 has no instruction for the absolute value of 64-bit integers.
      case ABS -> ssa.emit(Ssa.Op.MAX, x, ssa.emit(Ssa.Op.NEG, x));
      default -> unary(op, x);
    };
  }

  private int unary(UnaryOp op, int x) {
    return switch (op) {
      case NEG -> ssa.emit(Ssa.Op.NEG, x);
      case ABS -> ssa.emit(Ssa.Op.ABS, x);
      case SIGN -> math.sign(x);
      case SQUARE -> ssa.mul(x, x);
      case SQRT -> ssa.emit(Ssa.Op.SQRT, x);
      case RECIPROCAL -> ssa.div(ssa.constant(1), x);
      case EXP -> math.exp(x);
      case LOG -> math.log(x);
      case TANH -> math.tanh(x);
      case SIGMOID -> math.sigmoid(x);
      case RELU -> ssa.emit(Ssa.Op.MAX, x, ssa.constant(0));
      case SILU -> math.silu(x);
      case EXP2 -> math.exp2(x);
      case EXPM1 -> math.expm1(x);
      case LOG2 -> math.log2(x);
      case LOG10 -> math.log10(x);
      case LOG1P -> math.log1p(x);
      case SIN -> angles.sin(x);
      case COS -> angles.cos(x);
      case TAN -> angles.tan(x);
      case ASIN -> angles.asin(x);
      case ACOS -> angles.acos(x);
      case ATAN -> angles.atan(x);
      case SINH -> hyperbolics.sinh(x);
      case COSH -> hyperbolics.cosh(x);
      case ASINH -> hyperbolics.asinh(x);
      case ACOSH -> hyperbolics.acosh(x);
      case ATANH -> hyperbolics.atanh(x);
      case ERF -> errors.erf(x);
      case GELU -> errors.gelu(x);
      case SOFTPLUS -> math.softplus(x);
      case RSQRT -> powers.rsqrt(x);
      case CBRT -> powers.cbrt(x);
      case FLOOR -> rounding.floor(x);
      case CEIL -> rounding.ceil(x);
      case ROUND -> rounding.round(x);
      case TRUNC -> rounding.trunc(x);
      case IS_NAN -> ssa.emit(Ssa.Op.NE, x, x);
      case IS_INF -> ssa.emit(Ssa.Op.EQ, ssa.emit(Ssa.Op.ABS, x), infinity());
      case IS_FINITE -> ssa.emit(Ssa.Op.LT, ssa.emit(Ssa.Op.ABS, x), infinity());
      case NOT -> ssa.emit(Ssa.Op.EQ, x, ssa.constant(0));
    };
  }

  private int binary(BinaryOp op, int x, int y) {
    return switch (op) {
      case ADD -> ssa.add(x, y);
      case SUB -> ssa.sub(x, y);
      case MUL -> ssa.mul(x, y);
      case DIV -> ssa.div(x, y);
      case MAX -> ssa.emit(Ssa.Op.MAX, x, y);
      case MIN -> ssa.emit(Ssa.Op.MIN, x, y);
      case EQ -> ssa.emit(Ssa.Op.EQ, x, y);
      case NE -> ssa.emit(Ssa.Op.NE, x, y);
      case LT -> ssa.emit(Ssa.Op.LT, x, y);
      case LE -> ssa.emit(Ssa.Op.LE, x, y);
      case GT -> ssa.emit(Ssa.Op.GT, x, y);
      case GE -> ssa.emit(Ssa.Op.GE, x, y);
      case POW -> powers.pow(x, y);
      case ATAN2 -> angles.atan2(x, y);
      case REM -> ssa.dtype().isInteger() ? integerRemainder(x, y) : rounding.remainder(x, y);
      case AND -> ssa.blend(mask(x), number(mask(y)), ssa.constant(0));
      case OR -> ssa.blend(mask(x), ssa.constant(1), number(mask(y)));
      case XOR -> ssa.emit(Ssa.Op.NE, number(mask(x)), number(mask(y)));
    };
  }

  /** A quotient by 0 is 0, which leaves x. */
  private int integerRemainder(int x, int y) {
    return ssa.sub(x, ssa.mul(ssa.div(x, y), y));
  }

  private int infinity() {
    return ssa.constant(Double.POSITIVE_INFINITY);
  }

  /** A comparison used as a number is 1 or 0. */
  private int number(int value) {
    return ssa.isMask(value) ? ssa.blend(value, ssa.constant(1), ssa.constant(0)) : value;
  }

  /** A number used as a condition is true where it is not 0. */
  private int mask(int value) {
    return ssa.isMask(value) ? value : ssa.emit(Ssa.Op.NE, value, ssa.constant(0));
  }
}
