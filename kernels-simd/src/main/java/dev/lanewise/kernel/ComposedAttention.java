package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.kernel.Expr.select;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;

/** Attention made of products, reductions and elementwise operations, a block of queries a time. */
final class ComposedAttention {
  /** About the scores of a block. */
  private static final int BLOCK = 1 << 16;

  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr MINUS_INFINITY = constant(Double.NEGATIVE_INFINITY);
  private static final Expr INFINITY = constant(Double.POSITIVE_INFINITY);
  private static final Expr ZERO = constant(0);
  private static final Expr LOG = Expr.unary(UnaryOp.LOG, X);

  /** What the largest score is taken off by: nothing where no key is seen. */
  private static final Expr SHIFT = select(X.eq(MINUS_INFINITY), ZERO, X);

  private static final Expr NORMALIZED = select(Y.eq(ZERO), ZERO, X.div(Y));

  /** exp(score − log sum), of score, log sum: 0 where no key is seen. */
  private static final Expr PROBABILITY = X.sub(select(Y.eq(MINUS_INFINITY), INFINITY, Y)).exp();

  /** Of probability, gradient by it, and its row's mean gradient. */
  private static final Expr SCORE_GRADIENT = X.mul(Y.sub(Z)).mul(param(0));

  private ComposedAttention() {}

  /** The arrays of a backward call. */
  record Arrays(
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray out,
      NdArray logSumExp,
      NdArray outGrad,
      NdArray qGrad,
      NdArray kGrad,
      NdArray vGrad) {}

  /** One element of the batch under way, whose arrays are matrices. */
  private record Element(Backend backend, AttentionSpec spec, NdArray mask, NdArray q, NdArray k) {

    /** {@return the scores of some queries, those not seen −∞; in the innermost scope} */
    NdArray scores(int from, int to) {
      int m = spec.keys().dim(-2);
      NdArray scores = backend.uninitialized(q.dtype(), Shape.of(to - from, m));
      backend.matmul(q.slice(0, from, to), k.permute(1, 0), spec.scale(), 0, scores);
      if (mask != null) {
        backend.elementwise(X.add(Y), scores, NONE, scores, mask.slice(0, from, to));
      }
      if (spec.isCausal()) {
        for (int i = from; i < to; i++) {
          int seen = spec.visible(i);
          if (seen < m) {
            NdArray hidden = scores.slice(0, i - from, i - from + 1).slice(1, seen, m);
            backend.elementwise(MINUS_INFINITY, hidden, NONE);
          }
        }
      }
      return scores;
    }
  }

  private static NdArray matrix(NdArray x, AttentionSpec spec, long index) {
    Layout layout = x.layout();
    Shape batch = spec.batch();
    long rest = index;
    for (int axis = batch.rank() - 1; axis >= 0; axis--) {
      int at = (int) (rest % batch.dim(axis));
      rest /= batch.dim(axis);
      layout = layout.slice(axis, at, at + 1, 1);
    }
    int[] dims = layout.shape().dims();
    return x.view(layout.reshape(Shape.of(lastOf(dims, batch.rank()))));
  }

  private static int[] lastOf(int[] dims, int from) {
    int[] last = new int[dims.length - from];
    System.arraycopy(dims, from, last, 0, last.length);
    return last;
  }

  private static int rows(AttentionSpec spec) {
    return Math.clamp(BLOCK / Math.max(1, spec.keys().dim(-2)), 1, 256);
  }

  private static NdArray column(Backend backend, NdArray like, int rows) {
    return backend.uninitialized(like.dtype(), Shape.of(rows));
  }

  private static NdArray stretched(NdArray rows) {
    return rows.view(rows.layout().reshape(Shape.of(rows.shape().dim(0), 1)));
  }

  static void forward(
      Backend backend,
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp) {
    int n = spec.queries().dim(-2);
    int step = rows(spec);
    for (long b = 0; b < spec.batch().size(); b++) {
      NdArray keys = matrix(k, spec, b);
      NdArray masks = mask == null ? null : matrix(mask, spec, b);
      Element element = new Element(backend, spec, masks, matrix(q, spec, b), keys);
      for (int from = 0; from < n; from += step) {
        int to = Math.min(n, from + step);
        block(
            element,
            from,
            to,
            matrix(v, spec, b),
            matrix(out, spec, b).slice(0, from, to),
            matrix(logSumExp, spec, b).slice(0, from, to));
      }
    }
  }

  private static void block(
      Element element, int from, int to, NdArray v, NdArray out, NdArray logSumExp) {
    Backend backend = element.backend;
    int[] last = {1};
    try (Scope _ = Scope.open("attention temporaries")) {
      NdArray scores = element.scores(from, to);
      NdArray largest = column(backend, scores, to - from);
      backend.reduce(ReduceOp.MAX, X, last, largest, NONE, scores);
      NdArray shift = column(backend, scores, to - from);
      backend.elementwise(SHIFT, shift, NONE, largest);
      backend.elementwise(X.sub(Y).exp(), scores, NONE, scores, stretched(shift));
      NdArray sum = column(backend, scores, to - from);
      backend.reduce(ReduceOp.SUM, X, last, sum, NONE, scores);
      backend.matmul(scores, v, 1, 0, out);
      backend.elementwise(NORMALIZED, out, NONE, out, stretched(sum));
      // The logarithm of no sum is −∞.
      backend.elementwise(LOG.add(Y), logSumExp, NONE, sum, shift);
    }
  }

  static void backward(Backend backend, AttentionSpec spec, NdArray mask, Arrays all) {
    int n = spec.queries().dim(-2);
    int step = rows(spec);
    for (NdArray grad : new NdArray[] {all.qGrad, all.kGrad, all.vGrad}) {
      backend.elementwise(ZERO, grad, NONE);
    }
    for (long b = 0; b < spec.batch().size(); b++) {
      NdArray masks = mask == null ? null : matrix(mask, spec, b);
      Element element =
          new Element(backend, spec, masks, matrix(all.q, spec, b), matrix(all.k, spec, b));
      for (int from = 0; from < n; from += step) {
        backward(element, from, Math.min(n, from + step), all, b);
      }
    }
  }

  private static void backward(Element element, int from, int to, Arrays all, long b) {
    Backend backend = element.backend;
    AttentionSpec spec = element.spec;
    NdArray up = matrix(all.outGrad, spec, b).slice(0, from, to);
    NdArray out = matrix(all.out, spec, b).slice(0, from, to);
    NdArray logSumExp = matrix(all.logSumExp, spec, b).slice(0, from, to);
    try (Scope _ = Scope.open("attentionBackward temporaries")) {
      NdArray p = element.scores(from, to);
      backend.elementwise(PROBABILITY, p, NONE, p, stretched(logSumExp));
      backend.matmul(p.permute(1, 0), up, 1, 1, matrix(all.vGrad, spec, b));
      NdArray mean = column(backend, p, to - from);
      backend.reduce(ReduceOp.SUM, X.mul(Y), new int[] {1}, mean, NONE, up, out);
      NdArray grad = backend.uninitialized(p.dtype(), p.shape());
      backend.matmul(up, matrix(all.v, spec, b).permute(1, 0), 1, 0, grad);
      double[] scale = {spec.scale()};
      backend.elementwise(SCORE_GRADIENT, grad, scale, p, grad, stretched(mean));
      backend.matmul(grad, element.k, 1, 0, matrix(all.qGrad, spec, b).slice(0, from, to));
      backend.matmul(
          grad.permute(1, 0), element.q.slice(0, from, to), 1, 1, matrix(all.kGrad, spec, b));
    }
  }
}
