package dev.lanewise.autodiff;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/** Functions that are composed of the operations of the lists, each one expression. */
final class Composites {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr P = Expr.param(0);
  private static final Expr ZERO = Expr.constant(0);
  private static final Expr ONE = Expr.constant(1);

  /** x, or p · x below 0. */
  static final Expr LEAKY_RELU = Expr.select(X.gt(ZERO), X, X.mul(P));

  /** x, or p · (eˣ − 1) below 0. */
  static final Expr ELU = Expr.select(X.gt(ZERO), X, P.mul(Expr.unary(UnaryOp.EXPM1, X)));

  /** x, or α · (eˣ − 1) below 0, both times a scale: 0 and 1 stay the mean and the variance. */
  static final Expr SELU = selu(1.6732632423543772848, 1.0507009873554804934);

  /** x, or p · (e^(x/p) − 1) below 0. */
  static final Expr CELU = Expr.select(X.gt(ZERO), X, P.mul(Expr.unary(UnaryOp.EXPM1, X.div(P))));

  /** x, or y · x below 0. */
  static final Expr PRELU = Expr.select(X.gt(ZERO), X, X.mul(Y));

  /** x · sigmoid(y). */
  static final Expr GLU = X.mul(Y.sigmoid());

  static final Expr SOFT_SIGN = X.div(ONE.add(Expr.unary(UnaryOp.ABS, X)));

  /** log(1 / (1 + e⁻ˣ)), with no logarithm of what has vanished. */
  static final Expr LOG_SIGMOID = Expr.unary(UnaryOp.SOFTPLUS, X.neg()).neg();

  static final Expr TANH_SHRINK = X.sub(Expr.unary(UnaryOp.TANH, X));

  /** 0 from −p to p. */
  static final Expr HARD_SHRINK = Expr.select(le(Expr.unary(UnaryOp.ABS, X), P), ZERO, X);

  /** 0 from −p to p, and by p less beyond. */
  static final Expr SOFT_SHRINK =
      Expr.select(
          le(Expr.unary(UnaryOp.ABS, X), P), ZERO, Expr.select(X.gt(ZERO), X.sub(P), X.add(P)));

  /** Bounds whose derivative is 1. */
  static final Expr CLAMP =
      Expr.select(X.lt(P), P, Expr.select(X.gt(Expr.param(1)), Expr.param(1), X));

  /** Bounds whose derivative is 0. */
  static final Expr HARD_TANH = bent(P, P, X, Expr.param(1), Expr.param(1));

  /** A line from 0 at −3 to 1 at 3, and so written that it is 0 or more just above −3. */
  static final Expr HARD_SIGMOID =
      bent(
          Expr.constant(-3),
          ZERO,
          X.add(Expr.constant(3)).mul(Expr.constant(1.0 / 6)),
          Expr.constant(3),
          ONE);

  static final Expr HARD_SWISH = X.mul(HARD_SIGMOID);

  /** x · tanh(log(1 + eˣ)). */
  static final Expr MISH = X.mul(Expr.unary(UnaryOp.TANH, Expr.unary(UnaryOp.SOFTPLUS, X)));

  /** x · (1 + tanh u) / 2 = x · sigmoid(2u) with u = √(2/π) · (x + 0.044715 x³). */
  static final Expr GELU_TANH =
      X.mul(
          X.add(X.mul(X.square()).mul(Expr.constant(0.044715)))
              .mul(Expr.constant(2 * Math.sqrt(2 / Math.PI)))
              .sigmoid());

  /**
   * The larger size times √(1 + r²), with r the ratio of the sizes: no square over- or underflows.
   */
  static final Expr HYPOT = hypot(Expr.unary(UnaryOp.ABS, X), Expr.unary(UnaryOp.ABS, Y));

  /** log(eˣ + eʸ) = max(x, y) + log(1 + e^−|x − y|). */
  static final Expr LOG_ADD_EXP =
      Expr.select(
          X.eq(Y),
          X.add(Y).mul(Expr.constant(0.5)).add(Expr.constant(Math.log(2))),
          X.max(Y).add(Expr.unary(UnaryOp.SOFTPLUS, Expr.unary(UnaryOp.ABS, X.sub(Y)).neg())));

  /** x · log y, and 0 where x is 0 and y a number. */
  static final Expr X_LOG_Y =
      Expr.select(X.eq(ZERO), Expr.select(Expr.unary(UnaryOp.IS_NAN, Y), Y, ZERO), X.mul(Y.log()));

  /** The remainder with the sign of the divisor. */
  static final Expr FLOOR_MOD = floorMod(Expr.binary(BinaryOp.REM, X, Y));

  private Composites() {}

  private static Expr selu(double alpha, double scale) {
    Expr below = Expr.unary(UnaryOp.EXPM1, X).mul(Expr.constant(scale * alpha));
    return Expr.select(X.gt(ZERO), X.mul(Expr.constant(scale)), below);
  }

  /** {@return a line between two bounds, and two numbers at and beyond them} */
  private static Expr bent(Expr low, Expr below, Expr line, Expr high, Expr above) {
    return Expr.select(le(X, low), below, Expr.select(le(high, X), above, line));
  }

  private static Expr le(Expr x, Expr y) {
    return Expr.binary(BinaryOp.LE, x, y);
  }

  private static Expr min(Expr x, Expr y) {
    return Expr.binary(BinaryOp.MIN, x, y);
  }

  private static Expr hypot(Expr a, Expr b) {
    Expr longer = a.max(b);
    Expr ratio = min(a, b).div(longer);
    Expr length = longer.mul(ratio.square().add(ONE).sqrt());
    Expr itself = Expr.binary(BinaryOp.OR, longer.eq(ZERO), Expr.unary(UnaryOp.IS_INF, longer));
    return Expr.select(itself, longer, length);
  }

  private static Expr floorMod(Expr rest) {
    Expr otherSide = Expr.binary(BinaryOp.XOR, rest.lt(ZERO), Y.lt(ZERO));
    return Expr.select(Expr.binary(BinaryOp.AND, rest, otherSide), rest.add(Y), rest);
  }
}
