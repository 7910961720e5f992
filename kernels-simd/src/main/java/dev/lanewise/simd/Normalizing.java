package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.simd.RowProgram.Kind.FULL;
import static dev.lanewise.simd.RowProgram.Kind.PER_PLACE;
import static dev.lanewise.simd.RowProgram.Kind.PER_ROW;
import static dev.lanewise.simd.RowProgram.map;
import static dev.lanewise.simd.RowProgram.reduce;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
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
final class Normalizing {
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
  private static final RowProgram MOMENTS =
      new RowProgram(
          new Kind[] {FULL, PER_ROW, PER_ROW},
          1,
          reduce(ReduceOp.SUM, X, 1, 0),
          map(MEAN, 1, 1),
          reduce(ReduceOp.SUM, X.sub(Y).square(), 2, 0, 1),
          map(MEAN, 2, 2));

  private static final RowProgram MOMENTS_UNCENTERED =
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
  private static final RowProgram BACKWARD = new RowProgram(backwardKinds(), 3, backward(true));
  private static final RowProgram BACKWARD_UNCENTERED =
      new RowProgram(backwardKinds(), 3, backward(false));

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

  private final Device device;
  private final Workers workers;

  Normalizing(Device device, Workers workers) {
    this.device = device;
    this.workers = workers;
  }

  /** {@return whether a mean is taken over neighbours in memory, and there are any} */
  static boolean hasRows(NormSpec spec) {
    int[] axes = spec.momentAxes();
    return spec.shape().size() > 0 && axes[axes.length - 1] - axes[0] == axes.length - 1;
  }

  /** {@return whether all rows have the same weights, each place in a row its own} */
  static boolean sharesWeights(NormSpec spec) {
    boolean[] inRow = rows(spec);
    for (int i = 0; i < inRow.length; i++) {
      if (inRow[i]
          ? spec.view().dim(i) != spec.weightView().dim(i)
          : spec.weightView().dim(i) > 1) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] rows(NormSpec spec) {
    boolean[] reduced = new boolean[spec.view().rank()];
    for (int axis : spec.momentAxes()) {
      reduced[axis] = true;
    }
    return reduced;
  }

  private static double[] params(NormSpec spec) {
    return new double[] {1.0 / spec.count(), spec.eps()};
  }

  private static NdArray moment(NormSpec spec, NdArray x) {
    return spec.viewOfMoment(x).broadcastTo(spec.view());
  }

  private NdArray weight(NormSpec spec, NdArray x, NdArray weight, double missing) {
    if (weight != null) {
      return spec.viewOfWeight(weight).broadcastTo(spec.view());
    }
    NdArray one = NdArray.uninitialized(device, x.dtype(), Shape.SCALAR);
    one.set(missing);
    return one.broadcastTo(spec.view());
  }

  private void run(RowProgram program, NormSpec spec, NdArray... arrays) {
    RowTiles.run(program, device, workers, rows(spec), params(spec), arrays);
  }

  void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    run(
        spec.centered() ? MOMENTS : MOMENTS_UNCENTERED,
        spec,
        spec.viewOf(x),
        moment(spec, mean),
        moment(spec, variance));
  }

  void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    try (Scope _ = Scope.open("normalize temporaries")) {
      run(
          spec.centered() ? NORMALIZE : NORMALIZE_UNCENTERED,
          spec,
          spec.viewOf(x),
          weight(spec, x, weight, 1),
          weight(spec, x, bias, 0),
          spec.viewOf(out));
    }
  }

  /** Computes the gradient by the input, and mean and reciprocal deviation for the others. */
  void backward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray mean,
      NdArray rstd) {
    run(
        spec.centered() ? BACKWARD : BACKWARD_UNCENTERED,
        spec,
        spec.viewOf(x),
        weight(spec, x, weight, 1),
        spec.viewOf(outGrad),
        spec.viewOf(xGrad),
        moment(spec, mean),
        moment(spec, rstd));
  }
}
