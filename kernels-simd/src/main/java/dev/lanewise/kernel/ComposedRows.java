package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.kernel.Expr.select;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;

/** The row operations, made of elementwise operations, reductions, gather and scatterAdd. */
final class ComposedRows {
  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr EXP_OF_DISTANCE = X.sub(Y).exp();
  private static final Expr ZERO = constant(0);

  private ComposedRows() {}

  /** A row operation under way: one axis disappears in reductions and comes back by stretching. */
  private record Rows(Backend backend, DType dtype, Shape full, int axis) {
    static Rows of(Backend backend, NdArray x, int axis) {
      return new Rows(backend, x.dtype(), x.shape(), axis);
    }

    Shape kept() {
      return full.reduced(new int[] {axis}, true);
    }

    /** {@return an array with one number for each row, as one that stretches along the axis} */
    NdArray column(NdArray rows) {
      return rows.view(rows.layout().reshape(kept()));
    }

    NdArray reduce(ReduceOp op, Expr expr, NdArray... ins) {
      int[] axes = {axis};
      NdArray out = backend.uninitialized(dtype, full.reduced(axes, false));
      backend.reduce(op, expr, axes, out, NONE, ins);
      return column(out);
    }

    NdArray map(Expr expr, double[] params, NdArray... ins) {
      NdArray out = backend.uninitialized(dtype, kept());
      backend.elementwise(expr, out, params, ins);
      return out;
    }

    void map(NdArray out, Expr expr, NdArray... ins) {
      backend.elementwise(expr, out, NONE, ins);
    }
  }

  static void softmax(Backend backend, SoftmaxSpec spec) {
    NdArray x = spec.ins()[0];
    NdArray out = spec.out();
    try (Scope _ = Scope.open("softmax temporaries")) {
      Rows rows = Rows.of(backend, x, spec.axis());
      rows.map(out, EXP_OF_DISTANCE, x, rows.reduce(ReduceOp.MAX, X, x));
      rows.map(out, X.div(Y), out, rows.reduce(ReduceOp.SUM, X, out));
    }
  }

  static void softmaxBackward(Backend backend, SoftmaxSpec spec) {
    NdArray y = spec.ins()[0];
    NdArray up = spec.ins()[1];
    try (Scope _ = Scope.open("softmaxBackward temporaries")) {
      Rows rows = Rows.of(backend, y, spec.axis());
      NdArray sum = rows.reduce(ReduceOp.SUM, X.mul(Y), y, up);
      rows.map(spec.out(), X.mul(Y.sub(Z)), y, up, sum);
    }
  }

  static void logSoftmax(Backend backend, SoftmaxSpec spec) {
    NdArray x = spec.ins()[0];
    try (Scope _ = Scope.open("logSoftmax temporaries")) {
      Rows rows = Rows.of(backend, x, spec.axis());
      NdArray largest = rows.reduce(ReduceOp.MAX, X, x);
      NdArray sum = rows.reduce(ReduceOp.SUM, EXP_OF_DISTANCE, x, largest);
      NdArray logSum = rows.map(log(X), NONE, sum);
      // The first difference is exact where it matters; log sum + largest would be rounded.
      rows.map(spec.out(), X.sub(Y).sub(Z), x, largest, logSum);
    }
  }

  static void logSoftmaxBackward(Backend backend, SoftmaxSpec spec) {
    NdArray y = spec.ins()[0];
    NdArray up = spec.ins()[1];
    try (Scope _ = Scope.open("logSoftmaxBackward temporaries")) {
      Rows rows = Rows.of(backend, y, spec.axis());
      NdArray sum = rows.reduce(ReduceOp.SUM, X, up);
      rows.map(spec.out(), Y.sub(X.exp().mul(Z)), y, up, sum);
    }
  }

  private static Expr log(Expr x) {
    return Expr.unary(UnaryOp.LOG, x);
  }

  /** Labels that can be picked with, and how much each row counts: 0 or 1. */
  private record Labels(NdArray picks, NdArray counts) {
    static Labels of(Rows rows, CrossEntropySpec spec, NdArray labels) {
      Backend backend = rows.backend;
      NdArray column = rows.column(labels);
      if (spec.ignored().isEmpty()) {
        return new Labels(column, rows.map(constant(1), NONE));
      }
      // A double holds every label and is what expressions compute in.
      Shape kept = rows.kept();
      NdArray numbers = backend.uninitialized(DType.F64, kept);
      backend.copy(column, numbers);
      NdArray counts = backend.uninitialized(DType.F64, kept);
      double[] ignored = {spec.ignored().getAsLong()};
      backend.elementwise(Expr.binary(BinaryOp.NE, X, param(0)), counts, ignored, numbers);
      backend.elementwise(select(Y, X, ZERO), numbers, NONE, numbers, counts);
      NdArray picks = backend.uninitialized(DType.I64, kept);
      backend.copy(numbers, picks);
      NdArray rounded = backend.uninitialized(rows.dtype, kept);
      backend.copy(counts, rounded);
      return new Labels(picks, rounded);
    }
  }

  static void crossEntropy(
      Backend backend, CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    try (Scope _ = Scope.open("crossEntropy temporaries")) {
      Rows rows = Rows.of(backend, x, spec.axis());
      if (loss.size() > 0) {
        NdArray largest = rows.reduce(ReduceOp.MAX, X, x);
        NdArray sum = rows.reduce(ReduceOp.SUM, EXP_OF_DISTANCE, x, largest);
        loss(rows, spec, Labels.of(rows, spec, labels), x, largest, sum, loss);
      }
    }
  }

  /** {@code log sum − (1 − s) · (picked − largest) − s · mean of (x − largest)} */
  private static void loss(
      Rows rows,
      CrossEntropySpec spec,
      Labels labels,
      NdArray x,
      NdArray largest,
      NdArray sum,
      NdArray out) {
    double s = spec.labelSmoothing();
    NdArray picked = rows.backend.uninitialized(rows.dtype, rows.kept());
    // No class at all leaves nothing to pick; the ignored label is then the only one allowed.
    if (spec.classes() > 0) {
      rows.backend.gather(x, rows.axis, labels.picks, picked);
    } else {
      rows.map(picked, ZERO);
    }
    Expr counts = Expr.arg(3);
    Expr ofPicked = X.sub(Y);
    NdArray column = rows.column(out);
    if (s == 0) {
      Expr plain = log(Z).sub(ofPicked);
      rows.backend.elementwise(
          select(counts, plain, ZERO), column, NONE, picked, largest, sum, labels.counts);
      return;
    }
    NdArray total = rows.reduce(ReduceOp.SUM, X.sub(Y), x, largest);
    double[] params = {1 - s, s / spec.classes()};
    Expr smooth = log(Z).sub(times(params[0], 0, ofPicked)).sub(times(params[1], 1, Expr.arg(4)));
    rows.backend.elementwise(
        select(counts, smooth, ZERO), column, params, picked, largest, sum, labels.counts, total);
  }

  /** {@return a product that is 0 if the factor is, where a product with −∞ would be NaN} */
  private static Expr times(double factor, int param, Expr x) {
    return factor == 0 ? ZERO : param(param).mul(x);
  }

  static void crossEntropyWithGradient(
      Backend backend,
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    if (loss.size() == 0) {
      return;
    }
    double s = spec.labelSmoothing();
    try (Scope _ = Scope.open("crossEntropyWithGradient temporaries")) {
      Rows rows = Rows.of(backend, x, spec.axis());
      Labels picks = Labels.of(rows, spec, labels);
      NdArray largest = rows.reduce(ReduceOp.MAX, X, x);
      rows.map(xGrad, EXP_OF_DISTANCE, x, largest);
      NdArray sum = rows.reduce(ReduceOp.SUM, X, xGrad);
      loss(rows, spec, picks, x, largest, sum, loss);
      if (xGrad.size() == 0) {
        return;
      }
      NdArray scale = rows.map(select(Y, X, ZERO), NONE, rows.column(weight), picks.counts);
      double[] spread = {s / spec.classes()};
      Expr gradient = select(Z, X.div(Y).sub(param(0)).mul(Z), ZERO);
      backend.elementwise(gradient, xGrad, spread, xGrad, sum, scale);
      NdArray atLabel = rows.map(X.mul(param(0)), new double[] {s - 1}, scale);
      backend.scatterAdd(atLabel, rows.axis, picks.picks, xGrad);
    }
  }
}
