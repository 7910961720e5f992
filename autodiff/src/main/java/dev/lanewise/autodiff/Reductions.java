package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;

/** The reductions that are more than a sum, and their gradients. */
final class Reductions {
  static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr MEAN_OF_X = X.mul(Expr.param(0));
  private static final Expr MEAN_OF_SQUARED_DISTANCE = X.sub(Y).square().mul(Expr.param(0));
  private static final Expr SAME = X.eq(Y);

  /** up · (x = extreme) / count, of x, extreme, count, up. */
  private static final Expr SHARE = Expr.arg(3).mul(SAME).div(Expr.arg(2));

  static final Expr EXP_OF_DISTANCE = X.sub(Y).exp();
  private static final Expr LOG_PLUS = Expr.unary(UnaryOp.LOG, X).add(Y);

  /** Taking ∞ from ∞ would make NaN. */
  private static final Expr FINITE_OR_ZERO =
      Expr.select(
          Expr.unary(UnaryOp.ABS, X).eq(Expr.constant(Double.POSITIVE_INFINITY)),
          Expr.constant(0),
          X);

  private static final Expr IS_ZERO = X.eq(Expr.constant(0));
  static final Expr IS_NOT_ZERO = Expr.binary(BinaryOp.NE, X, Expr.constant(0));

  private Reductions() {}

  /** {@return the sum of {@code scaled}, whose scalar 0 is 1 / n} */
  private static Tensor scaledSum(
      String name, Expr scaled, int[] axes, boolean keepDims, Tensor... ins) {
    Shape shape = ins[0].shape();
    int[] sorted = shape.axes(name, axes);
    double n = 1;
    for (int axis : sorted) {
      n *= shape.dim(axis);
    }
    if (n == 0) {
      return Elementwise.mapSum(name, X, Elementwise.NO_PARAMS, axes, keepDims, ins[0]).div(n);
    }
    return Elementwise.mapSum(name, scaled, new double[] {1 / n}, axes, keepDims, ins);
  }

  static Tensor mean(Tensor x, boolean keepDims, int... axes) {
    return scaledSum("mean", MEAN_OF_X, axes, keepDims, x);
  }

  /** {@return whether one of the elements is 0, or is not; not recorded} */
  static Tensor isAny(String name, Tensor x, boolean zero, int... axes) {
    // No number but 0 becomes 0 as an f32, unless it is an f64. A large count is rounded, but to 0
    // is none.
    Tensor numbers = x.dtype() == DType.F64 ? x.detach() : x.detach().cast(DType.F32);
    return Elementwise.mapSum(
            name, zero ? IS_ZERO : IS_NOT_ZERO, Elementwise.NO_PARAMS, axes, false, numbers)
        .cast(DType.BOOL);
  }

  static Tensor variance(Tensor x, boolean keepDims, int... axes) {
    Tensor mean = scaledSum("variance", MEAN_OF_X, axes, true, x);
    return scaledSum("variance", MEAN_OF_SQUARED_DISTANCE, axes, keepDims, x, mean);
  }

  /** {@return the reduction without a record, its axes kept with extent 1} */
  static Tensor plain(String name, ReduceOp op, Tensor x, int... axes) {
    int[] sorted = x.shape().axes(name, axes);
    NdArray out =
        Elementwise.reduce(x.backend(), op, X, Elementwise.NO_PARAMS, x.shape(), sorted, x.data());
    return new Tensor(out.view(Layout.contiguous(x.shape().reduced(sorted, true))));
  }

  static Tensor extreme(String name, ReduceOp op, Tensor x, boolean keepDims, int... axes) {
    int[] sorted = x.shape().axes(name, axes);
    Tensor kept = plain(name, op, x, sorted);
    Tensor out = kept.detach();
    Gradient gradient =
        (_, _, up) -> {
          Tensor winners =
              Elementwise.mapSum(name, SAME, Elementwise.NO_PARAMS, sorted, true, x, kept);
          return Elementwise.map(SHARE, Elementwise.NO_PARAMS, x, kept, winners, up);
        };
    Node.record(name, out, gradient, x);
    return keepDims ? out : dropped(name, out, x.shape(), axes);
  }

  /** {@return {@code kept} without the reduced axes of extent 1} */
  static Tensor dropped(String name, Tensor kept, Shape full, int[] axes) {
    return kept.reshape(full.reduced(full.axes(name, axes), false));
  }

  static Tensor prod(Tensor x, boolean keepDims, int... axes) {
    if (!Grad.records(x)) {
      Tensor kept = plain("prod", ReduceOp.PROD, x, axes);
      return keepDims ? kept : dropped("prod", kept, x.shape(), axes);
    }
    // Folding in halves needs no division, whose gradients would fail where a factor is 0.
    Tensor folded = x;
    for (int axis : x.shape().axes("prod", axes)) {
      folded = fold(folded, axis);
    }
    return keepDims ? folded : dropped("prod", folded, x.shape(), axes);
  }

  private static Tensor fold(Tensor x, int axis) {
    Tensor folded = x;
    int n = x.shape().dim(axis);
    if (n == 0) {
      int[] dims = x.shape().dims();
      dims[axis] = 1;
      return Tensor.ones(x.backend(), x.dtype(), Shape.of(dims));
    }
    for (; n > 1; n = (n + 1) / 2) {
      int half = n / 2;
      Tensor product = folded.slice(axis, 0, half).mul(folded.slice(axis, half, 2 * half));
      folded = n % 2 == 0 ? product : Tensor.concat(axis, product, folded.slice(axis, n - 1, n));
    }
    return folded;
  }

  /** {@return the largest element, or 0 where that is infinite, its axes kept; not recorded} */
  static Tensor shift(String name, Tensor x, int... axes) {
    Tensor largest = plain(name, ReduceOp.MAX, x, axes);
    return Elementwise.map(FINITE_OR_ZERO, Elementwise.NO_PARAMS, largest);
  }

  static Tensor logSumExp(Tensor x, boolean keepDims, int... axes) {
    Tensor shift = shift("logSumExp", x, axes);
    Tensor sum =
        Elementwise.mapSum(
            "logSumExp", EXP_OF_DISTANCE, Elementwise.NO_PARAMS, axes, true, x, shift);
    Tensor kept = Elementwise.map(LOG_PLUS, Elementwise.NO_PARAMS, sum, shift);
    return keepDims ? kept : dropped("logSumExp", kept, x.shape(), axes);
  }
}
