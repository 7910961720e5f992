package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;

/** The largest element of each window, and back. */
final class MaxPooling {
  private final Workers workers;
  private final Plans<MaxPoolingPlan> forwards = new Plans<>();
  private final Plans<MaxPoolingBackwardPlan> backwards = new Plans<>();

  MaxPooling(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and finds the largest elements. */
  void forward(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    Signature call = Signature.of(spec, 0).in(x).out(out).out(indices);
    MaxPoolingPlan plan = forwards.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkForward(x, out, indices);
    }
    if (plan == null) {
      if (out.size() == 0) {
        return;
      }
      plan = new MaxPoolingPlan(call, spec, x, out, indices, workers);
    }
    plan.run(x, out, indices);
    forwards.giveBack(plan);
  }

  /** Checks a call and computes the gradient by the input. */
  void backward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    Signature call = Signature.of(spec, 0).in(outGrad).in(indices).out(xGrad);
    MaxPoolingBackwardPlan plan = backwards.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkBackward(outGrad, indices, xGrad);
    } else {
      spec.checkIndices(indices);
    }
    if (plan == null) {
      if (xGrad.size() == 0) {
        return;
      }
      plan = new MaxPoolingBackwardPlan(call, spec, outGrad, indices, xGrad, workers);
    }
    plan.run(outGrad, indices, xGrad);
    backwards.giveBack(plan);
  }
}
