package dev.lanewise.autodiff;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/** Lengths of vectors, and their gradients. */
final class Norms {
  private static final Expr X = Expr.arg(0);
  private static final Expr SIZE = Expr.unary(UnaryOp.ABS, X);
  private static final Expr POWER = Expr.binary(BinaryOp.POW, SIZE, Expr.param(0));
  private static final Expr ROOT = Expr.binary(BinaryOp.POW, X, Expr.param(0));
  private static final Expr IS_NOT_ZERO = Expr.binary(BinaryOp.NE, X, Expr.constant(0));

  /** up · x / length, of x, length and up; 0 at 0, where the direction is any. */
  private static final Expr EUCLID_GRADIENT =
      Expr.select(
          Expr.arg(1).eq(Expr.constant(0)), Expr.constant(0), X.mul(Expr.arg(2)).div(Expr.arg(1)));

  private Norms() {}

  static Tensor norm(Tensor x, double p, boolean keepDims, int... axes) {
    if (!(p >= 0)) {
      throw new IllegalArgumentException("norm: p is " + p + "; it is from 0 on");
    }
    if (p == 2) {
      Tensor kept = euclid(x, axes);
      return keepDims ? kept : kept.reshape(x.shape().reduced(x.shape().axes("norm", axes), false));
    }
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().max(keepDims, axes);
    }
    if (p == 0 || p == 1) {
      Expr counted = p == 0 ? IS_NOT_ZERO : SIZE;
      return Elementwise.mapSum("norm", counted, Elementwise.NO_PARAMS, axes, keepDims, x);
    }
    Tensor sum = Elementwise.mapSum("norm", POWER, new double[] {p}, axes, keepDims, x);
    return Elementwise.map(ROOT, new double[] {1 / p}, sum);
  }

  private static Tensor euclid(Tensor x, int... axes) {
    Tensor out;
    try (Grad _ = Grad.off()) {
      out = Elementwise.mapSum("norm", X.square(), Elementwise.NO_PARAMS, axes, true, x).sqrt();
    }
    Tensor length = out.detach();
    Gradient gradient =
        (_, _, up) -> {
          Tensor again = Grad.records(x, up) ? euclid(x, axes) : length;
          return Elementwise.map(EUCLID_GRADIENT, Elementwise.NO_PARAMS, x, again, up);
        };
    return Node.record("norm", out, gradient, x);
  }
}
