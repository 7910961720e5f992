package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.simd.RowProgram.Kind.FULL;
import static dev.lanewise.simd.RowProgram.Kind.PER_PLACE;
import static dev.lanewise.simd.RowProgram.Kind.PER_ROW;
import static dev.lanewise.simd.RowProgram.map;
import static dev.lanewise.simd.RowProgram.reduce;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.simd.RowProgram.Kind;
import dev.lanewise.simd.RowProgram.Step;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
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

  // What tells calls apart that have one geometry; the lowest bits say which weights are given.
  private static final int MOMENTS_CALL = 0;
  private static final int NORMALIZE_CALL = 4;
  private static final int BACKWARD_CALL = 8;

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

  /** What stands for a missing bias or weight: 0 and 1, as floats, and from byte 16 as doubles. */
  private static final MemorySegment NUMBERS = numbers();

  private static MemorySegment numbers() {
    MemorySegment numbers = Arena.global().allocate(4 * Double.BYTES, Double.BYTES);
    numbers.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 1);
    numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, 3, 1);
    return numbers;
  }

  private final Workers workers;
  private final Plans<RowPlan> plans = new Plans<>();

  Normalizing(Workers workers) {
    this.workers = workers;
  }

  /** {@return whether a mean is taken over neighbours in memory, and there are any} */
  static boolean hasRows(NormSpec spec) {
    int[] axes = spec.momentAxes();
    return spec.shape().size() > 0 && axes[axes.length - 1] - axes[0] == axes.length - 1;
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

  /** Checks a call and computes mean and variance. */
  void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    Signature call = Signature.of(spec, MOMENTS_CALL).in(x).out(mean).out(variance);
    RowPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkMoments(x, mean, variance);
    }
    if (plan == null) {
      RowProgram program = spec.centered() ? MOMENTS : MOMENTS_UNCENTERED;
      Layout of = moment(spec, mean);
      plan = plan(call, program, spec, x, view(spec, x), of, moment(spec, variance));
    }
    plan.at(0, x).at(1, mean).at(2, variance).run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(mean);
    Reference.reachabilityFence(variance);
    plans.giveBack(plan);
  }

  /** Checks a call and normalizes. */
  void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    Signature call = Signature.of(spec, NORMALIZE_CALL + given(weight, 1) + given(bias, 2));
    in(in(call.in(x), weight), bias).out(out, 0);
    RowPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkForward("normalize", x, weight, bias, out);
    }
    if (plan == null) {
      RowProgram program = spec.centered() ? NORMALIZE : NORMALIZE_UNCENTERED;
      Layout of = weight(spec, weight);
      plan = plan(call, program, spec, x, view(spec, x), of, weight(spec, bias), view(spec, out));
    }
    plan.at(0, x).at(1, address(x, weight, 1)).at(2, address(x, bias, 0)).at(3, out).run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weight);
    Reference.reachabilityFence(bias);
    Reference.reachabilityFence(out);
    plans.giveBack(plan);
  }

  /**
   * Computes the gradient by the input, and mean and reciprocal deviation for the others, of a call
   * that was checked.
   */
  void backward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray mean,
      NdArray rstd) {
    Signature call = Signature.of(spec, BACKWARD_CALL + given(weight, 1));
    in(call.in(x), weight).in(outGrad).out(xGrad).out(mean).out(rstd);
    RowPlan plan = plans.lend(call);
    if (plan == null) {
      RowProgram program = spec.centered() ? BACKWARD : BACKWARD_UNCENTERED;
      plan =
          plan(
              call,
              program,
              spec,
              x,
              view(spec, x),
              weight(spec, weight),
              view(spec, outGrad),
              view(spec, xGrad),
              moment(spec, mean),
              moment(spec, rstd));
    }
    plan.at(0, x).at(1, address(x, weight, 1)).at(2, outGrad).at(3, xGrad);
    plan.at(4, mean).at(5, rstd).run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weight);
    Reference.reachabilityFence(outGrad);
    Reference.reachabilityFence(xGrad);
    Reference.reachabilityFence(mean);
    Reference.reachabilityFence(rstd);
    plans.giveBack(plan);
  }

  private static int given(NdArray weight, int flag) {
    return weight == null ? 0 : flag;
  }

  private static Signature in(Signature call, NdArray weight) {
    return weight == null ? call : call.in(weight);
  }

  private static long address(NdArray x, NdArray weight, int missing) {
    if (weight != null) {
      return Addresses.of(weight);
    }
    long numbers = NUMBERS.address();
    return x.dtype() == DType.F32 ? numbers + 4L * missing : numbers + 16 + 8L * missing;
  }

  private RowPlan plan(
      Signature call, RowProgram program, NormSpec spec, NdArray x, Layout... arrays) {
    boolean[] reduced = new boolean[spec.view().rank()];
    for (int axis : spec.momentAxes()) {
      reduced[axis] = true;
    }
    double[] params = {1.0 / spec.count(), spec.eps()};
    return new RowPlan(call, program, x.dtype(), reduced, params, workers, arrays);
  }

  private static Layout view(NormSpec spec, NdArray x) {
    return spec.viewOf(x).layout();
  }

  private static Layout moment(NormSpec spec, NdArray x) {
    return spec.viewOfMoment(x).layout().broadcastTo(spec.view());
  }

  private static Layout weight(NormSpec spec, NdArray weight) {
    Layout own =
        weight == null ? Layout.contiguous(Shape.SCALAR) : spec.viewOfWeight(weight).layout();
    return own.broadcastTo(spec.view());
  }
}
