package dev.lanewise.autodiff;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/** Lengths of vectors and deviations, and their gradients. */
final class Norms {
  private static final Expr X = Expr.arg(0);
  private static final Expr SIZE = Expr.unary(UnaryOp.ABS, X);
  private static final Expr ZERO = Expr.constant(0);

  // At 0 a power has no slope, or an endless one: by the choice, the gradient is 0 there.
  private static final Expr POWER =
      Expr.select(X.eq(ZERO), ZERO, Expr.binary(BinaryOp.POW, SIZE, Expr.param(0)));
  private static final Expr ROOT =
      Expr.select(X.eq(ZERO), ZERO, Expr.binary(BinaryOp.POW, X, Expr.param(0)));
  private static final Expr SQUARE_ROOT = Expr.select(X.eq(ZERO), ZERO, X.sqrt());

  /** up · x / length, of x, length and up; 0 at 0, where the direction is any. */
  private static final Expr EUCLID_GRADIENT =
      Expr.select(
          Expr.arg(1).eq(Expr.constant(0)), Expr.constant(0), X.mul(Expr.arg(2)).div(Expr.arg(1)));

  /** x over its length, or over the least divisor: of x and length. */
  private static final Expr NORMALIZED =
      Expr.select(Expr.arg(1).lt(Expr.param(0)), X.div(Expr.param(0)), X.div(Expr.arg(1)));

  /** Below it, {@link NormOps#l2Normalize} divides by it; that of PyTorch. */
  static final double LEAST_LENGTH = 1e-12;

  private Norms() {}

  static Tensor norm(Tensor x, double p, boolean keepDims, int... axes) {
    Checks.notNegative("norm", "p", p);
    int[] sorted = x.shape().axes("norm", axes);
    if (p == 2) {
      Tensor kept = euclid(x, sorted);
      return keepDims ? kept : Reductions.dropped("norm", kept, x.shape(), sorted);
    }
    boolean isEmpty = x.shape().reduced(sorted, true).size() > 0 && x.size() == 0;
    if (p == Double.POSITIVE_INFINITY && !isEmpty) {
      return x.abs().max(keepDims, sorted);
    }
    if (p <= 1 && p == Math.rint(p) || isEmpty) {
      Expr counted = p == 0 ? Reductions.IS_NOT_ZERO : SIZE;
      return Elementwise.mapSum("norm", counted, Elementwise.NO_PARAMS, sorted, keepDims, x);
    }
    Tensor sum = Elementwise.mapSum("norm", POWER, new double[] {p}, sorted, keepDims, x);
    return Elementwise.map(ROOT, new double[] {1 / p}, sum);
  }

  static Tensor normalize(Tensor x, double eps, int... axes) {
    Checks.notNegative("l2Normalize", "eps", eps);
    Checks.compute("l2Normalize", x);
    Tensor length = euclid(x, x.shape().axes("l2Normalize", axes));
    return Elementwise.map(NORMALIZED, new double[] {eps}, x, length);
  }

  /** {@return the root of the variance} Its gradient is 0 where all elements are the same. */
  static Tensor std(Tensor x, boolean keepDims, int... axes) {
    return Elementwise.map(
        SQUARE_ROOT, Elementwise.NO_PARAMS, Reductions.variance(x, keepDims, axes));
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
