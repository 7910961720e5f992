package dev.lanewise.autodiff;

import static dev.lanewise.autodiff.Elementwise.NO_PARAMS;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;

/**
 * Softmax and its kin: single nodes with few kernel calls, whose gradients are tensor operations.
 */
final class Rows {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr QUOTIENT = X.div(Y);
  private static final Expr LOG = Expr.unary(UnaryOp.LOG, X);

  /** (x − largest) − log sum: the first difference is exact, while log sum + largest is rounded. */
  private static final Expr LOG_SOFTMAX = X.sub(Y).sub(Z);

  private static final Expr PRODUCT = X.mul(Y);

  /** y · (up − Σ up·y), of y, up, sum. */
  private static final Expr SOFTMAX_GRADIENT = X.mul(Y.sub(Z));

  /** up − e^y · Σ up, of y, up, sum. */
  private static final Expr LOG_SOFTMAX_GRADIENT = Y.sub(X.exp().mul(Z));

  /** log sum − (picked − largest), of sum, largest, picked. */
  private static final Expr LOSS = LOG.sub(Z.sub(Y));

  /** softmax(x) · up, of x, largest, sum, up. */
  private static final Expr LOSS_GRADIENT = X.sub(Y).exp().div(Z).mul(Expr.arg(3));

  private Rows() {}

  static Tensor softmax(Tensor x, int axis) {
    int at = x.shape().axis("softmax", axis);
    Tensor in = x.detach();
    Tensor largest = Reductions.plain("softmax", ReduceOp.MAX, in, at);
    // Written, summed, divided in place: each exponential is computed once.
    NdArray data = Elementwise.map(Reductions.EXP_OF_DISTANCE, NO_PARAMS, in, largest).data();
    Tensor sum = Reductions.plain("softmax", ReduceOp.SUM, new Tensor(data), at);
    x.backend().elementwise(QUOTIENT, data, NO_PARAMS, data, sum.data());
    Tensor out = new Tensor(data);
    Gradient gradient =
        (_, _, up) -> {
          Tensor total =
              Elementwise.mapSum("softmax", PRODUCT, NO_PARAMS, new int[] {at}, true, out, up);
          return Elementwise.map(SOFTMAX_GRADIENT, NO_PARAMS, out, up, total);
        };
    if (at == x.shape().rank() - 1) {
      out.logits = x;
    }
    return Node.record("softmax", out, gradient, x);
  }

  static Tensor logSoftmax(Tensor x, int axis) {
    int at = x.shape().axis("logSoftmax", axis);
    Tensor in = x.detach();
    Tensor largest = Reductions.plain("logSoftmax", ReduceOp.MAX, in, at);
    Tensor sum = sumOfExp("logSoftmax", in, largest, at);
    Tensor logSum = Elementwise.map(LOG, NO_PARAMS, sum);
    Tensor out = Elementwise.map(LOG_SOFTMAX, NO_PARAMS, in, largest, logSum);
    Gradient gradient =
        (_, _, up) -> Elementwise.map(LOG_SOFTMAX_GRADIENT, NO_PARAMS, out, up, up.sum(true, at));
    return Node.record("logSoftmax", out, gradient, x);
  }

  private static Tensor sumOfExp(String name, Tensor x, Tensor largest, int axis) {
    return Elementwise.mapSum(
        name, Reductions.EXP_OF_DISTANCE, NO_PARAMS, new int[] {axis}, true, x, largest);
  }

  static Tensor crossEntropy(Tensor x, Tensor labels) {
    if (x.shape().rank() != 2
        || labels.shape().rank() != 1
        || labels.shape().dim(0) != x.shape().dim(0)) {
      throw new ShapeException(
          "crossEntropy: logits must be [n, c] and labels [n], not "
              + x.shape()
              + " and "
              + labels.shape());
    }
    Checks.sameBackend("crossEntropy", x, labels);
    Checks.indices("crossEntropy", labels);
    Tensor in = x.detach();
    Tensor column = labels.reshape(labels.shape().dim(0), 1);
    Tensor picked = in.gather(1, column);
    Tensor largest = Reductions.plain("crossEntropy", ReduceOp.MAX, in, 1);
    Tensor sum = sumOfExp("crossEntropy", in, largest, 1);
    Tensor loss = Elementwise.map(LOSS, NO_PARAMS, sum, largest, picked).reshape(labels.shape());
    Gradient gradient =
        (_, _, up) -> {
          Tensor weight = up.reshape(column.shape());
          if (Grad.records(x, weight)) {
            // The kept sum depends on x, which the fast way below does not tell a further gradient.
            return x.softmax(1).mul(weight).scatterAdd(1, column, weight.neg());
          }
          Tensor all = Elementwise.map(LOSS_GRADIENT, NO_PARAMS, in, largest, sum, weight);
          all.backend().scatterAdd(weight.neg().data(), 1, column.data(), all.data());
          return all;
        };
    return Node.record("crossEntropy", loss, gradient, x);
  }
}
