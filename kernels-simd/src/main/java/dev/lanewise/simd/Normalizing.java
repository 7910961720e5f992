package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ComposedNorms;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;

/**
 * Normalizations of arrays that are not empty: by {@link NormPrograms} where there are rows, else
 * composed of loops.
 */
final class Normalizing {
  private static final double[] NONE = {};

  // What tells calls apart that have one geometry; the lowest bits say which weights are given.
  private static final int MOMENTS_CALL = 0;
  private static final int NORMALIZE_CALL = 8;
  private static final int NORMALIZE_BY_CALL = 16;
  private static final int BACKWARD_CALL = 24;

  private final Workers workers;
  private final Plans<LoopPlan> plans = new Plans<>();

  Normalizing(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and computes mean and variance. */
  void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    Signature call = Signature.of(spec, MOMENTS_CALL).in(x).out(mean).out(variance).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkMoments(x, mean, variance);
    }
    if (plan == null) {
      plan =
          LoopRecorder.plan(
              call, workers, loops -> moments(loops, spec, x, mean, variance), x, mean, variance);
    }
    plan.at(0, x).at(1, mean).at(2, variance).run();
    plans.giveBack(plan);
  }

  /** Checks a call and normalizes. */
  void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    Signature call = Signature.of(spec, NORMALIZE_CALL + given(weight, 1) + given(bias, 2)).in(x);
    in(in(call, weight), bias).out(out, 0).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkForward("normalize", x, weight, bias, out);
    }
    if (plan == null) {
      plan =
          LoopRecorder.plan(
              call,
              workers,
              loops -> normalize(loops, spec, x, weight, bias, out),
              x,
              weight,
              bias,
              out);
    }
    plan.at(0, x).at(1, weight).at(2, bias).at(3, out).run();
    plans.giveBack(plan);
  }

  /** Checks a call and normalizes by a mean and a variance. */
  void normalizeBy(
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    int variant = NORMALIZE_BY_CALL + given(weight, 1) + given(bias, 2);
    Signature call = Signature.of(spec, variant).in(x).in(mean).in(variance);
    in(in(call, weight), bias).out(out, 0).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkForward("normalizeBy", x, weight, bias, out, mean, variance);
    }
    if (plan == null) {
      plan =
          LoopRecorder.plan(
              call,
              workers,
              loops -> ComposedNorms.normalizeBy(loops, spec, x, mean, variance, weight, bias, out),
              x,
              mean,
              variance,
              weight,
              bias,
              out);
    }
    plan.at(0, x).at(1, mean).at(2, variance).at(3, weight).at(4, bias).at(5, out).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes the gradients. */
  void backward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    int variant = BACKWARD_CALL + given(weight, 1) + given(weightGrad, 2) + given(biasGrad, 4);
    Signature call = Signature.of(spec, variant).in(x);
    in(call, weight).in(outGrad).out(xGrad);
    out(out(call, weightGrad), biasGrad).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkBackward(x, weight, outGrad, xGrad, weightGrad, biasGrad);
    }
    if (plan == null) {
      plan =
          LoopRecorder.plan(
              call,
              workers,
              loops -> backward(loops, spec, x, weight, outGrad, xGrad, weightGrad, biasGrad),
              x,
              weight,
              outGrad,
              xGrad,
              weightGrad,
              biasGrad);
    }
    plan.at(0, x).at(1, weight).at(2, outGrad).at(3, xGrad);
    plan.at(4, weightGrad).at(5, biasGrad).run();
    plans.giveBack(plan);
  }

  private static int given(NdArray weight, int flag) {
    return weight == null ? 0 : flag;
  }

  private static Signature in(Signature call, NdArray weight) {
    return weight == null ? call : call.in(weight);
  }

  private static Signature out(Signature call, NdArray grad) {
    return grad == null ? call : call.out(grad);
  }

  private void moments(
      LoopRecorder loops, NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    if (!NormPrograms.hasRows(spec)) {
      ComposedNorms.moments(loops, spec, x, mean, variance);
      return;
    }
    RowTiles tiles =
        NormPrograms.tiles(
            spec.centered() ? NormPrograms.MOMENTS : NormPrograms.MOMENTS_UNCENTERED,
            spec,
            x,
            workers,
            NormPrograms.view(spec, x),
            NormPrograms.moment(spec, mean),
            NormPrograms.moment(spec, variance));
    loops.rows(tiles, x, mean, variance);
  }

  private void normalize(
      LoopRecorder loops, NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    if (!NormPrograms.sharesWeights(spec)) {
      NdArray mean = loops.uninitialized(x.dtype(), spec.moments());
      NdArray variance = loops.uninitialized(x.dtype(), spec.moments());
      moments(loops, spec, x, mean, variance);
      ComposedNorms.normalizeBy(loops, spec, x, mean, variance, weight, bias, out);
      return;
    }
    RowTiles tiles =
        NormPrograms.tiles(
            spec.centered() ? NormPrograms.NORMALIZE : NormPrograms.NORMALIZE_UNCENTERED,
            spec,
            x,
            workers,
            NormPrograms.view(spec, x),
            NormPrograms.weight(spec, weight),
            NormPrograms.weight(spec, bias),
            NormPrograms.view(spec, out));
    loops.rows(tiles, x, weightOr(1, loops, x, weight), weightOr(0, loops, x, bias), out);
  }

  private void backward(
      LoopRecorder loops,
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    NdArray mean = loops.uninitialized(x.dtype(), spec.moments());
    NdArray rstd = loops.uninitialized(x.dtype(), spec.moments());
    if (NormPrograms.sharesWeights(spec)) {
      RowTiles tiles =
          NormPrograms.tiles(
              spec.centered() ? NormPrograms.BACKWARD : NormPrograms.BACKWARD_UNCENTERED,
              spec,
              x,
              workers,
              NormPrograms.view(spec, x),
              NormPrograms.weight(spec, weight),
              NormPrograms.view(spec, outGrad),
              NormPrograms.view(spec, xGrad),
              NormPrograms.moment(spec, mean),
              NormPrograms.moment(spec, rstd));
      loops.rows(tiles, x, weightOr(1, loops, x, weight), outGrad, xGrad, mean, rstd);
    } else {
      moments(loops, spec, x, mean, rstd);
      ComposedNorms.inputGradient(loops, spec, mean, rstd, x, weight, outGrad, xGrad);
    }
    ComposedNorms.weightGradients(loops, spec, mean, rstd, x, outGrad, weightGrad, biasGrad);
  }

  /** {@return a weight or bias, or a number where there is none} */
  private static NdArray weightOr(double value, LoopRecorder loops, NdArray x, NdArray weight) {
    if (weight != null) {
      return weight;
    }
    NdArray one = loops.uninitialized(x.dtype(), Shape.SCALAR);
    loops.elementwise(Expr.constant(value), one, NONE);
    return one;
  }
}
