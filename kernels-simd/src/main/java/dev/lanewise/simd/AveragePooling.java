package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;

/**
 * The mean of each window, and back. First the lines that a row of outputs looks at are added, in
 * vectors; then the elements along that one line. The gradient goes the same way back.
 */
final class AveragePooling {
  private final Workers workers;
  private final Plans<AveragePoolingPlan> forwards = new Plans<>();
  private final Plans<AveragePoolingPlan> backwards = new Plans<>();

  AveragePooling(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and takes the means. */
  void forward(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    Signature call = Signature.of(spec, countPadding ? 1 : 0).in(x).out(out);
    AveragePoolingPlan plan = forwards.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkAverage(x, out);
    }
    if (plan == null) {
      if (out.size() == 0) {
        return;
      }
      plan = new AveragePoolingPlan(call, spec, countPadding, true, x, out, workers);
    }
    plan.run(x, out);
    forwards.giveBack(plan);
  }

  /** Checks a call and computes the gradient by the input. */
  void backward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    Signature call = Signature.of(spec, countPadding ? 1 : 0).in(outGrad).out(xGrad);
    AveragePoolingPlan plan = backwards.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkAverageBackward(outGrad, xGrad);
    }
    if (plan == null) {
      if (xGrad.size() == 0) {
        return;
      }
      plan = new AveragePoolingPlan(call, spec, countPadding, false, outGrad, xGrad, workers);
    }
    plan.run(outGrad, xGrad);
    backwards.giveBack(plan);
  }
}
