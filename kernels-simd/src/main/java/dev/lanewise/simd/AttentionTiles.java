package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.AttentionSpec;

/**
 * Attention by tiles of queries and keys that stay in the cache: the largest score and the sum of
 * exponentials of each query are kept up to date from tile to tile (Dao et al., "FlashAttention",
 * 2022). A task is a block of queries, of the backward pass an element of the batch: neither
 * depends on the number of threads.
 */
final class AttentionTiles {
  private final Workers workers;
  private final Plans<AttentionForwardPlan> forwards = new Plans<>();
  private final Plans<AttentionBackwardPlan> backwards = new Plans<>();

  AttentionTiles(Workers workers) {
    this.workers = workers;
  }

  /** {@return the signature of a call, so far with what both passes read} */
  private static Signature call(AttentionSpec spec, NdArray q, NdArray k, NdArray v, NdArray mask) {
    Signature call = Signature.of(spec, mask == null ? 0 : 1).in(q).in(k).in(v);
    return mask == null ? call : call.in(mask);
  }

  private static NdArray[] ins(NdArray q, NdArray k, NdArray v, NdArray stretched) {
    return stretched == null ? new NdArray[] {q, k, v} : new NdArray[] {q, k, v, stretched};
  }

  /** Checks a call and computes the output. */
  void forward(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp) {
    Signature call = call(spec, q, k, v, mask).out(out).out(logSumExp);
    AttentionForwardPlan plan = forwards.lend(call);
    if (plan == null || !call.isPlain()) {
      NdArray stretched = spec.checkForward(q, k, v, mask, out, logSumExp);
      if (plan == null) {
        if (logSumExp.size() == 0) {
          return;
        }
        NdArray[] ins = ins(q, k, v, stretched);
        plan = new AttentionForwardPlan(call, spec, ins, out, logSumExp, workers);
      }
    }
    plan.run(q, k, v, mask, out, logSumExp);
    forwards.giveBack(plan);
  }

  /** Checks a call and computes the gradients. */
  void backward(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp,
      NdArray outGrad,
      NdArray qGrad,
      NdArray kGrad,
      NdArray vGrad) {
    Signature call = call(spec, q, k, v, mask).in(out).in(logSumExp).in(outGrad);
    call.out(qGrad).out(kGrad).out(vGrad);
    AttentionBackwardPlan plan = backwards.lend(call);
    if (plan == null || !call.isPlain()) {
      NdArray stretched =
          spec.checkBackward(q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
      if (plan == null) {
        if (spec.batch().size() == 0) {
          return;
        }
        NdArray[] ins = ins(q, k, v, stretched);
        NdArray[] forward = {out, logSumExp, outGrad};
        NdArray[] grads = {qGrad, kGrad, vGrad};
        plan = new AttentionBackwardPlan(call, spec, ins, forward, grads, workers);
      }
    }
    plan.run(q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
    backwards.giveBack(plan);
  }
}
