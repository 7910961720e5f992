package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.kernel.Expr.select;
import static dev.lanewise.simd.RowProgram.Kind.FULL;
import static dev.lanewise.simd.RowProgram.Kind.PER_PLACE;
import static dev.lanewise.simd.RowProgram.Kind.PER_ROW;
import static dev.lanewise.simd.RowProgram.map;
import static dev.lanewise.simd.RowProgram.reduce;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.RowProgram.Kind;

/** The cross-entropy of logits, and its gradient, as row programs. */
final class CrossEntropy {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr EXP_OF_DISTANCE = X.sub(Y).exp();
  private static final Expr ZERO = constant(0);
  private static final Expr LOG = Expr.unary(UnaryOp.LOG, X);

  // Scalars of the cross-entropy: the ignored label, or NaN, which no label equals; 1 − s and s / c
  // with the smoothing s and c classes.
  private static final Expr IGNORED = param(0);
  private static final Expr AT_LABEL = param(1);
  private static final Expr SPREAD = param(2);

  /** The element whose place is the label, of x, place, label. */
  private static final Expr PICKED = select(Y.eq(Z), X, ZERO);

  /** The loss, of sum, largest, picked, label. */
  private static final Expr LOSS =
      select(
          Expr.arg(3).eq(IGNORED), ZERO, LOG.sub(select(AT_LABEL, AT_LABEL.mul(Z.sub(Y)), ZERO)));

  /** The same with the sum of the distances from the largest as a fifth argument. */
  private static final Expr SMOOTH_LOSS =
      select(
          Expr.arg(3).eq(IGNORED),
          ZERO,
          LOG.sub(select(AT_LABEL, AT_LABEL.mul(Z.sub(Y)), ZERO)).sub(SPREAD.mul(Expr.arg(4))));

  /** The factor of each row, of weight and label. */
  private static final Expr COUNTING = select(Y.eq(IGNORED), ZERO, X);

  /** The gradient, of exponential, 1 / sum, weight, place, label. */
  private static final Expr GRADIENT =
      select(
          Z,
          Z.mul(X.mul(Y).sub(SPREAD).sub(select(Expr.arg(3).eq(Expr.arg(4)), AT_LABEL, ZERO))),
          ZERO);

  // Operands: x, places, labels, loss, largest, sum, picked.
  private static final RowProgram CROSS_ENTROPY =
      new RowProgram(
              new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW},
              3,
              reduce(ReduceOp.MAX, X, 4, 0),
              reduce(ReduceOp.SUM, EXP_OF_DISTANCE, 5, 0, 4),
              reduce(ReduceOp.SUM, PICKED, 6, 0, 1, 2),
              map(LOSS, 3, 5, 4, 6, 2))
          .turningShortRows();

  // The same and the sum of distances.
  private static final RowProgram SMOOTH_CROSS_ENTROPY =
      new RowProgram(
              new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW},
              3,
              reduce(ReduceOp.MAX, X, 4, 0),
              reduce(ReduceOp.SUM, EXP_OF_DISTANCE, 5, 0, 4),
              reduce(ReduceOp.SUM, PICKED, 6, 0, 1, 2),
              reduce(ReduceOp.SUM, X.sub(Y), 7, 0, 4),
              map(SMOOTH_LOSS, 3, 5, 4, 6, 2, 7))
          .turningShortRows();

  // Operands: x, places, labels, weights, loss, gradient, largest, sum, picked, factor.
  private static final RowProgram WITH_GRADIENT =
      new RowProgram(
              new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW, PER_ROW, FULL},
              4,
              reduce(ReduceOp.MAX, X, 6, 0),
              map(EXP_OF_DISTANCE, 5, 0, 6),
              reduce(ReduceOp.SUM, X, 7, 5),
              reduce(ReduceOp.SUM, PICKED, 8, 0, 1, 2),
              map(LOSS, 4, 7, 6, 8, 2),
              map(X.reciprocal(), 7, 7),
              map(COUNTING, 9, 3, 2),
              map(GRADIENT, 5, 5, 7, 9, 1, 2))
          .turningShortRows();

  // The same and the sum of distances.
  private static final RowProgram SMOOTH_WITH_GRADIENT =
      new RowProgram(
              new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW, PER_ROW, FULL},
              4,
              reduce(ReduceOp.MAX, X, 6, 0),
              map(EXP_OF_DISTANCE, 5, 0, 6),
              reduce(ReduceOp.SUM, X, 7, 5),
              reduce(ReduceOp.SUM, PICKED, 8, 0, 1, 2),
              reduce(ReduceOp.SUM, X.sub(Y), 10, 0, 6),
              map(SMOOTH_LOSS, 4, 7, 6, 8, 2, 10),
              map(X.reciprocal(), 7, 7),
              map(COUNTING, 9, 3, 2),
              map(GRADIENT, 5, 5, 7, 9, 1, 2))
          .turningShortRows();

  private final Workers workers;
  private final Plans<CrossEntropyPlan> plans = new Plans<>();

  CrossEntropy(Workers workers) {
    this.workers = workers;
  }

  /**
   * {@return whether places and labels can be told apart as numbers of a type} Float has 24 bits.
   */
  static boolean canCompareLabels(CrossEntropySpec spec, DType dtype) {
    return spec.classes() > 0 && (dtype == DType.F64 || spec.classes() <= 1 << 24);
  }

  /** Checks a call and computes the losses. */
  void forward(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    Signature call = Signature.of(spec, 0).in(x).in(labels).out(loss);
    CrossEntropyPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkForward(x, labels, loss);
    } else {
      spec.checkLabels("crossEntropy", labels);
    }
    if (plan == null) {
      if (x.size() == 0) {
        return;
      }
      RowProgram program = spec.labelSmoothing() == 0 ? CROSS_ENTROPY : SMOOTH_CROSS_ENTROPY;
      plan = new CrossEntropyPlan(call, spec, program, workers, x, labels, loss);
    }
    plan.run(x, labels, loss);
    plans.giveBack(plan);
  }

  /** Checks a call and computes the losses and the gradient by the logits. */
  void withGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    Signature call = Signature.of(spec, 1).in(x).in(labels).in(weight).out(loss).out(xGrad);
    CrossEntropyPlan plan = plans.lend(call);
    NdArray stretched = weight;
    if (plan == null || !call.isPlain()) {
      stretched = spec.checkGradient(x, labels, weight, loss, xGrad);
    } else {
      spec.checkLabels("crossEntropyWithGradient", labels);
    }
    if (plan == null) {
      if (x.size() == 0) {
        return;
      }
      RowProgram program = spec.labelSmoothing() == 0 ? WITH_GRADIENT : SMOOTH_WITH_GRADIENT;
      plan = new CrossEntropyPlan(call, spec, program, workers, x, labels, stretched, loss, xGrad);
    }
    plan.run(x, labels, weight, loss, xGrad);
    plans.giveBack(plan);
  }
}
