package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.simd.RowProgram.Kind.FULL;
import static dev.lanewise.simd.RowProgram.Kind.PER_PLACE;
import static dev.lanewise.simd.RowProgram.Kind.PER_ROW;
import static dev.lanewise.simd.RowProgram.map;
import static dev.lanewise.simd.RowProgram.reduce;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.simd.RowProgram.Kind;
import dev.lanewise.simd.RowProgram.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Normalizations as row programs: a row is what a mean is taken over. Where the moments' axes lie
 * apart, as in batch normalization, the contract's own composition reads memory no more often.
 */
final class NormPrograms {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);

  /** Scalars: 1 / n and eps. */
  private static final Expr MEAN = X.mul(param(0));

  private static final Expr RSTD = X.mul(param(0)).add(param(1)).sqrt().reciprocal();
  private static final Expr OUT = X.sub(Y).mul(Z).mul(Expr.arg(3)).add(Expr.arg(4));
  private static final Expr OUT_UNCENTERED = X.mul(Y).mul(Z).add(Expr.arg(3));

  // Of gradient by the output, weight, x, mean, reciprocal deviation and the two means.
  private static final Expr G = X.mul(Y);
  private static final Expr NORMALIZED = Z.sub(Expr.arg(3)).mul(Expr.arg(4));
  private static final Expr GRADIENT =
      G.sub(Expr.arg(5)).sub(NORMALIZED.mul(Expr.arg(6))).mul(Expr.arg(4));
  private static final Expr GRADIENT_UNCENTERED =
      G.sub(Z.mul(Expr.arg(3)).mul(Expr.arg(4))).mul(Expr.arg(3));

  // Operands: x, mean, variance.
  static final RowProgram MOMENTS =
      new RowProgram(
          new Kind[] {FULL, PER_ROW, PER_ROW},
          1,
          reduce(ReduceOp.SUM, X, 1, 0),
          map(MEAN, 1, 1),
          reduce(ReduceOp.SUM, X.sub(Y).square(), 2, 0, 1),
          map(MEAN, 2, 2));

  static final RowProgram MOMENTS_UNCENTERED =
      new RowProgram(
          new Kind[] {FULL, PER_ROW, PER_ROW},
          1,
          map(Expr.constant(0), 1),
          reduce(ReduceOp.SUM, X.square(), 2, 0),
          map(MEAN, 2, 2));

  // Operands: x, weight, bias, out, mean, reciprocal deviation.
  static final RowProgram NORMALIZE =
      new RowProgram(
          new Kind[] {FULL, PER_PLACE, PER_PLACE, FULL},
          3,
          reduce(ReduceOp.SUM, X, 4, 0),
          map(MEAN, 4, 4),
          reduce(ReduceOp.SUM, X.sub(Y).square(), 5, 0, 4),
          map(RSTD, 5, 5),
          map(OUT, 3, 0, 4, 5, 1, 2));

  static final RowProgram NORMALIZE_UNCENTERED =
      new RowProgram(
          new Kind[] {FULL, PER_PLACE, PER_PLACE, FULL},
          3,
          reduce(ReduceOp.SUM, X.square(), 5, 0),
          map(RSTD, 5, 5),
          map(OUT_UNCENTERED, 3, 0, 5, 1, 2));

  // Operands: x, weight, gradient by the output, gradient, mean, reciprocal deviation, and the
  // means of g and of g times what was normalized.
  static final RowProgram BACKWARD = new RowProgram(backwardKinds(), 3, backward(true));
  static final RowProgram BACKWARD_UNCENTERED = new RowProgram(backwardKinds(), 3, backward(false));

  private static Kind[] backwardKinds() {
    return new Kind[] {FULL, PER_PLACE, FULL, FULL, PER_ROW, PER_ROW};
  }

  private static Step[] backward(boolean centered) {
    List<Step> steps = new ArrayList<>();
    if (centered) {
      steps.add(reduce(ReduceOp.SUM, X, 4, 0));
      steps.add(map(MEAN, 4, 4));
      steps.add(reduce(ReduceOp.SUM, X.sub(Y).square(), 5, 0, 4));
      steps.add(reduce(ReduceOp.SUM, G, 6, 2, 1));
      steps.add(map(MEAN, 6, 6));
    } else {
      steps.add(map(Expr.constant(0), 4));
      steps.add(reduce(ReduceOp.SUM, X.square(), 5, 0));
    }
    steps.add(map(RSTD, 5, 5));
    if (centered) {
      steps.add(reduce(ReduceOp.SUM, G.mul(NORMALIZED), 7, 2, 1, 0, 4, 5));
      steps.add(map(MEAN, 7, 7));
      steps.add(map(GRADIENT, 3, 2, 1, 0, 4, 5, 6, 7));
    } else {
      steps.add(reduce(ReduceOp.SUM, G.mul(Z).mul(Expr.arg(3)), 6, 2, 1, 0, 5));
      steps.add(map(MEAN, 6, 6));
      steps.add(map(GRADIENT_UNCENTERED, 3, 2, 1, 0, 5, 6));
    }
    return steps.toArray(Step[]::new);
  }

  private NormPrograms() {}

  /** {@return whether a mean is taken over neighbouring axes} */
  static boolean hasRows(NormSpec spec) {
    int[] axes = spec.momentAxes();
    return axes[axes.length - 1] - axes[0] == axes.length - 1;
  }

  /** {@return whether it has rows that share their weights, each place in a row its own} */
  static boolean sharesWeights(NormSpec spec) {
    if (!hasRows(spec)) {
      return false;
    }
    int[] axes = spec.momentAxes();
    for (int i = 0; i < spec.view().rank(); i++) {
      boolean inRow = i >= axes[0] && i <= axes[axes.length - 1];
      if (inRow ? spec.view().dim(i) != spec.weightView().dim(i) : spec.weightView().dim(i) > 1) {
        return false;
      }
    }
    return true;
  }

  /** {@return a program over arrays made ready} */
  static RowTiles tiles(
      RowProgram program, NormSpec spec, NdArray x, Workers workers, Layout... of) {
    boolean[] reduced = new boolean[spec.view().rank()];
    for (int axis : spec.momentAxes()) {
      reduced[axis] = true;
    }
    double[] params = {1.0 / spec.count(), spec.eps()};
    return new RowTiles(program, x.dtype(), reduced, params, workers, of);
  }

  /** {@return how what is normalized lies, under the view} */
  static Layout view(NormSpec spec, NdArray x) {
    return spec.viewOf(x).layout();
  }

  /** {@return how a mean or variance lies, stretched to the view} */
  static Layout moment(NormSpec spec, NdArray x) {
    return spec.viewOfMoment(x).layout().broadcastTo(spec.view());
  }

  /** {@return how a weight or bias lies, stretched to the view; one number where there is none} */
  static Layout weight(NormSpec spec, NdArray weight) {
    Layout own =
        weight == null ? Layout.contiguous(Shape.SCALAR) : spec.viewOfWeight(weight).layout();
    return own.broadcastTo(spec.view());
  }
}
