package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every line of the op lists against finite differences, first and second order. */
class ElementwiseGradientTest {
  /** Views under which an operand reaches a kernel. */
  private static final List<UnaryOperator<Tensor>> VIEWS =
      List.of(
          x -> x,
          Tensor::transpose,
          x -> x.slice(1, 1, 4, 2),
          x -> x.slice(0, 0, 1).broadcastTo(3, x.shape().dim(1)),
          x -> x.slice(0, 1, 1),
          x -> x.slice(0, 0, 1).slice(1, 0, 1).reshape());

  /** Shapes of two operands: equal, stretched on either side or both, scalars, empty. */
  private static final int[][][] PAIRS = {
    {{2, 3}, {2, 3}},
    {{2, 3}, {3}},
    {{3}, {2, 3}},
    {{2, 1}, {1, 3}},
    {{}, {2, 2}},
    {{2, 2}, {}},
    {{1}, {1, 1}},
    {{0, 3}, {3}},
    {{2, 1}, {0}},
  };

  static Stream<Arguments> unary() {
    return Numbers.backends()
        .flatMap(b -> Stream.of(UnaryOp.values()).map(op -> Arguments.of(b, op)));
  }

  static Stream<Arguments> binary() {
    return Numbers.backends()
        .flatMap(b -> Stream.of(BinaryOp.values()).map(op -> Arguments.of(b, op)));
  }

  static Stream<Backend> backends() {
    return Numbers.backends();
  }

  private static void check(GradientCheck check, Tensor... inputs) {
    check.require(inputs);
    check.ofGradient().require(inputs);
  }

  private static Tensor inDomain(UnaryOp op, Backend backend, int... dims) {
    return switch (op.domain()) {
      case ALL -> Numbers.signed(backend, 1, dims);
      case NON_NEGATIVE, ABOVE_MINUS_ONE -> Numbers.positive(backend, 1, dims);
      case AT_LEAST_ONE -> Numbers.positive(backend, 1, dims).add(1);
      case UNIT -> Numbers.signed(backend, 1, dims).mul(0.4);
    };
  }

  private static Tensor leftOf(BinaryOp op, Backend backend, int salt, int... dims) {
    return op.leftDomain() == UnaryOp.Domain.ALL
        ? Numbers.signed(backend, salt, dims)
        : Numbers.positive(backend, salt, dims);
  }

  @ParameterizedTest
  @MethodSource("unary")
  void unaryGradients(Backend backend, UnaryOp op) {
    for (UnaryOperator<Tensor> view : VIEWS) {
      check(GradientCheck.of(in -> view.apply(in[0]).apply(op)), inDomain(op, backend, 2, 4));
    }
  }

  @ParameterizedTest
  @MethodSource("unary")
  void summedUnaryGradients(Backend backend, UnaryOp op) {
    Expr expr = Expr.unary(op, Expr.arg(0));
    for (int[] axes : new int[][] {{}, {0}, {1}}) {
      check(
          GradientCheck.of(in -> Tensor.mapSum(expr, new double[0], axes, false, in)),
          inDomain(op, backend, 2, 3));
    }
  }

  @ParameterizedTest
  @MethodSource("binary")
  void binaryGradients(Backend backend, BinaryOp op) {
    for (int[][] pair : PAIRS) {
      Tensor x = leftOf(op, backend, 1, pair[0]);
      Tensor y = Numbers.signed(backend, 2, pair[1]);
      check(GradientCheck.of(in -> in[0].apply(op, in[1])), x, y);
    }
  }

  @ParameterizedTest
  @MethodSource("binary")
  void binaryGradientsOfViews(Backend backend, BinaryOp op) {
    Tensor x = leftOf(op, backend, 3, 2, 4);
    Tensor y = Numbers.signed(backend, 4, 4, 2);
    for (UnaryOperator<Tensor> view : VIEWS) {
      check(
          GradientCheck.of(in -> view.apply(in[0]).apply(op, view.apply(in[1].transpose()))), x, y);
    }
  }

  @ParameterizedTest
  @MethodSource("binary")
  void scalarOperands(Backend backend, BinaryOp op) {
    Tensor x = leftOf(op, backend, 1, 2, 3);
    check(GradientCheck.of(in -> in[0].apply(op, 0.75)), x);
    Tensor asTensor = x.apply(op, Tensor.scalar(backend, DType.F64, 0.75));
    Tensor asNumber = x.apply(op, 0.75);
    assertEquals(List.of(boxed(asTensor)), List.of(boxed(asNumber)));
  }

  private static List<Double> boxed(Tensor x) {
    return java.util.Arrays.stream(x.toDoubleArray()).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void sameTensorTwice(Backend backend) {
    Tensor x = Numbers.signed(backend, 1, 2, 3);
    check(GradientCheck.of(in -> in[0].mul(in[0]).div(in[0].square().add(1))), x);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void reversedScalars(Backend backend) {
    Tensor x = Numbers.signed(backend, 1, 2, 3);
    check(GradientCheck.of(in -> in[0].rsub(2).mul(in[0].rdiv(3))), x);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void fusedExpressions(Backend backend) {
    Expr x = Expr.arg(0);
    Expr bias = Expr.arg(1);
    Expr gate = Expr.arg(2);
    Expr slope = Expr.param(0);
    Expr z = x.add(bias);
    Expr second = Expr.unary(UnaryOp.EXP, Expr.arg(1));
    check(
        GradientCheck.of(in -> Tensor.map(second, new double[0], in)),
        Numbers.signed(backend, 1, 2, 3),
        Numbers.signed(backend, 2, 3));
    Expr leaky = Expr.select(z.gt(Expr.constant(0)), z, z.mul(slope)).mul(gate.sigmoid());
    Tensor a = Numbers.signed(backend, 1, 2, 3);
    Tensor b = Numbers.signed(backend, 2, 3);
    Tensor c = Numbers.signed(backend, 3, 2, 1);
    check(GradientCheck.of(in -> Tensor.map(leaky, new double[] {0.1}, in)), a, b, c);
    for (int[] axes : new int[][] {{}, {0}, {1}, {-1, 0}}) {
      for (boolean keep : new boolean[] {false, true}) {
        check(
            GradientCheck.of(in -> Tensor.mapSum(leaky, new double[] {0.1}, axes, keep, in)),
            a,
            b,
            c);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void sumOfStretchedArguments(Backend backend) {
    // The sum is over an axis that only one argument has: the other's gradient counts its extent.
    Expr product = Expr.arg(0).mul(Expr.param(0)).add(Expr.arg(1));
    Tensor row = Numbers.signed(backend, 1, 3);
    Tensor matrix = Numbers.signed(backend, 2, 4, 3);
    for (int[] axes : new int[][] {{0}, {1}, {}}) {
      check(
          GradientCheck.of(in -> Tensor.mapSum(product, new double[] {2}, axes, false, in)),
          row,
          matrix);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void unusedArgumentsStretchButHaveNoGradient(Backend backend) {
    Tensor x = Numbers.signed(backend, 1, 3).requiresGrad(true);
    Tensor y = Numbers.signed(backend, 1, 2, 1).requiresGrad(true);
    Tensor z = Tensor.map(Expr.arg(0).square(), new double[0], x, y);
    assertEquals(Shape.of(2, 3), z.shape());
    z.sum().backward();
    assertNull(y.grad());
    check(GradientCheck.of(in -> Tensor.map(Expr.arg(0).square(), new double[0], in)), x, y);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void choice(Backend backend) {
    Tensor condition = Tensor.of(backend, new int[] {0, 1, 0, 1, 1, 0}, 2, 3);
    Tensor a = Numbers.signed(backend, 1, 2, 3);
    Tensor b = Numbers.signed(backend, 2, 1, 3);
    check(GradientCheck.of(in -> Tensor.where(condition, in[0].square(), in[1].exp())), a, b);
  }

  @Test
  void whatIsConstantIsNotRecorded() {
    Tensor x = Tensor.ones(3).requiresGrad(true);
    for (BinaryOp op : BinaryOp.values()) {
      assertEquals(!op.isPredicate(), x.apply(op, 0.5).requiresGrad(), op.name());
    }
    assertFalse(x.sign().requiresGrad());
    assertFalse(Tensor.ones(3).mul(Tensor.ones(3)).requiresGrad());
  }

  /** Fails to compile when an op is added, until it has a method. */
  private static Tensor byName(UnaryOp op, Tensor x) {
    return switch (op) {
      case NEG -> x.neg();
      case ABS -> x.abs();
      case SIGN -> x.sign();
      case SQUARE -> x.square();
      case SQRT -> x.sqrt();
      case RECIPROCAL -> x.reciprocal();
      case EXP -> x.exp();
      case LOG -> x.log();
      case TANH -> x.tanh();
      case SIGMOID -> x.sigmoid();
      case RELU -> x.relu();
      case SILU -> x.silu();
      case EXP2 -> x.exp2();
      case EXPM1 -> x.expm1();
      case LOG2 -> x.log2();
      case LOG10 -> x.log10();
      case LOG1P -> x.log1p();
      case SIN -> x.sin();
      case COS -> x.cos();
      case TAN -> x.tan();
      case ASIN -> x.asin();
      case ACOS -> x.acos();
      case ATAN -> x.atan();
      case SINH -> x.sinh();
      case COSH -> x.cosh();
      case ASINH -> x.asinh();
      case ACOSH -> x.acosh();
      case ATANH -> x.atanh();
      case ERF -> x.erf();
      case GELU -> x.gelu();
      case SOFTPLUS -> x.softplus();
      case RSQRT -> x.rsqrt();
      case CBRT -> x.cbrt();
      case FLOOR -> x.floor();
      case CEIL -> x.ceil();
      case ROUND -> x.round();
      case TRUNC -> x.trunc();
      case IS_NAN -> x.isNan();
      case IS_INF -> x.isInf();
      case IS_FINITE -> x.isFinite();
      case NOT -> x.not();
    };
  }

  private static Tensor byName(BinaryOp op, Tensor x, Tensor y) {
    return switch (op) {
      case ADD -> x.add(y);
      case SUB -> x.sub(y);
      case MUL -> x.mul(y);
      case DIV -> x.div(y);
      case MAX -> x.maximum(y);
      case MIN -> x.minimum(y);
      case EQ -> x.eq(y);
      case NE -> x.ne(y);
      case LT -> x.lt(y);
      case LE -> x.le(y);
      case GT -> x.gt(y);
      case GE -> x.ge(y);
      case POW -> x.pow(y);
      case ATAN2 -> x.atan2(y);
      case REM -> x.rem(y);
      case AND -> x.and(y);
      case OR -> x.or(y);
      case XOR -> x.xor(y);
    };
  }

  private static Tensor byName(BinaryOp op, Tensor x, double y) {
    return switch (op) {
      case ADD -> x.add(y);
      case SUB -> x.sub(y);
      case MUL -> x.mul(y);
      case DIV -> x.div(y);
      case MAX -> x.maximum(y);
      case MIN -> x.minimum(y);
      case EQ -> x.eq(y);
      case NE -> x.ne(y);
      case LT -> x.lt(y);
      case LE -> x.le(y);
      case GT -> x.gt(y);
      case GE -> x.ge(y);
      case POW -> x.pow(y);
      case ATAN2 -> x.atan2(y);
      case REM -> x.rem(y);
      case AND, OR, XOR -> x.apply(op, y);
    };
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyOpHasItsMethod(Backend backend) {
    Tensor x = Numbers.positive(backend, 1, 2, 3);
    Tensor y = x.add(x.gt(1.2).cast(x.dtype()).mul(0.25));
    for (UnaryOp op : UnaryOp.values()) {
      assertEquals(boxed(x.apply(op)), boxed(byName(op, x)), op.name());
    }
    for (BinaryOp op : BinaryOp.values()) {
      assertEquals(boxed(x.apply(op, y)), boxed(byName(op, x, y)), op.name());
      assertEquals(boxed(x.apply(op, 1.25)), boxed(byName(op, x, 1.25)), op.name());
      for (int i = 0; i < 6; i++) {
        double expected = op.apply(x.toDoubleArray()[i], y.toDoubleArray()[i]);
        assertEquals(expected, x.apply(op, y).toDoubleArray()[i], 1e-15 * Math.abs(expected));
      }
    }
  }
}
