package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.kernel.Expr.select;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;

/** The loops that attention runs over a tile, for one type each once it is asked for. */
final class AttentionLoop {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr ZERO = constant(0);
  private static final Expr MINUS_INFINITY = constant(Double.NEGATIVE_INFINITY);
  private static final Expr INFINITY = constant(Double.POSITIVE_INFINITY);
  private static final Expr LARGER = X.max(Y);

  /** What scores are taken off by, of the largest: nothing where no key was seen yet. */
  private static final Expr SHIFT = select(LARGER.eq(MINUS_INFINITY), ZERO, LARGER);

  private static final Expr LOG = Expr.unary(UnaryOp.LOG, X);
  private static final Expr PROBABILITY_OF = select(Y.eq(MINUS_INFINITY), INFINITY, Y);

  static final AttentionLoop ADD = map(X.add(Y), false, false);
  static final AttentionLoop EXP = map(X.sub(Y).exp(), false, true);
  static final AttentionLoop SCALE = map(X.mul(Y), false, true);
  static final AttentionLoop NORMALIZE = map(select(Y.eq(ZERO), ZERO, X.div(Y)), false, true);

  /** Of old largest and the tile's: the new one, what scores are taken off by, the old's share. */
  static final AttentionLoop UPDATE =
      new AttentionLoop(null, List.of(LARGER, SHIFT, X.sub(SHIFT).exp()), false, false);

  /** Of old sum, its share, the tile's sum. */
  static final AttentionLoop SUM_UP = map(X.mul(Y).add(Z), false, false, false);

  static final AttentionLoop LOG_SUM = map(LOG.add(Y), false, false);
  static final AttentionLoop PROBABILITY = map(X.sub(PROBABILITY_OF).exp(), false, true);

  /** Of probability, gradient by it, and its row's mean gradient. */
  static final AttentionLoop SCORE_GRADIENT =
      map(X.mul(Y.sub(Z)).mul(param(0)), false, false, true);

  static final AttentionLoop LARGEST = reduction(ReduceOp.MAX, X, false);
  static final AttentionLoop SUM = reduction(ReduceOp.SUM, X, false);
  static final AttentionLoop DOTS = reduction(ReduceOp.SUM, X.mul(Y), false, false);

  private final ReduceOp op;
  private final List<Expr> exprs;
  private final boolean[] rowConstant;

  // Two threads may ask for one at once: they find the same kernel.
  private LoopKernel single;
  private LoopKernel wide;

  private AttentionLoop(ReduceOp op, List<Expr> exprs, boolean... rowConstant) {
    this.op = op;
    this.exprs = exprs;
    this.rowConstant = rowConstant;
  }

  private static AttentionLoop map(Expr expr, boolean... rowConstant) {
    return new AttentionLoop(null, List.of(expr), rowConstant);
  }

  private static AttentionLoop reduction(ReduceOp op, Expr expr, boolean... rowConstant) {
    return new AttentionLoop(op, List.of(expr), rowConstant);
  }

  /** {@return the kernel for a type} */
  LoopKernel of(DType dtype) {
    LoopKernel known = dtype == DType.F32 ? single : wide;
    if (known != null) {
      return known;
    }
    Form form = op == null ? Form.MAP : Form.ROW;
    LoopKernel kernel = Kernels.get(form, dtype, exprs, op, rowConstant);
    if (dtype == DType.F32) {
      single = kernel;
    } else {
      wide = kernel;
    }
    return kernel;
  }
}
