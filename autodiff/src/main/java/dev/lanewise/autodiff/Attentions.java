package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.ReduceOp;

/**
 * Attention: single kernel calls, forward and backward. Where a gradient is itself recorded, it is
 * written in tensor operations instead, so that it has gradients too.
 */
final class Attentions {
  private Attentions() {}

  static Tensor attend(AttentionSpec spec, Tensor q, Tensor k, Tensor v, Tensor mask) {
    Checks.sameBackend("attention", q, k, v, mask);
    if (mask != null && Grad.records(mask)) {
      throw new IllegalArgumentException("attention: a mask has no gradient; detach() it");
    }
    NdArray out = q.backend().uninitialized(q.dtype(), spec.output());
    NdArray logSumExp = q.backend().uninitialized(q.dtype(), spec.rows());
    q.backend()
        .attention(
            spec, q.data(), k.data(), v.data(), mask == null ? null : mask.data(), out, logSumExp);
    Tensor result = new Tensor(out);
    Gradient gradient = new AttentionGradient(spec, q, k, v, mask, result, logSumExp);
    return Node.record("attention", result, gradient, new Tensor[] {q, k, v});
  }

  private static final class AttentionGradient extends JointGradient {
    private final AttentionSpec spec;
    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final Tensor mask;
    private final Tensor out;
    private final NdArray logSumExp;

    AttentionGradient(
        AttentionSpec spec,
        Tensor q,
        Tensor k,
        Tensor v,
        Tensor mask,
        Tensor out,
        NdArray logSumExp) {
      this.spec = spec;
      this.q = q;
      this.k = k;
      this.v = v;
      this.mask = mask;
      this.out = out;
      this.logSumExp = logSumExp;
    }

    @Override
    Tensor[] byAll(Tensor up) {
      return Grad.records(q, k, v, up) ? composed(up) : computed(up);
    }

    private Tensor[] computed(Tensor up) {
      NdArray qGrad = q.backend().uninitialized(q.dtype(), q.shape());
      NdArray kGrad = q.backend().uninitialized(q.dtype(), k.shape());
      NdArray vGrad = q.backend().uninitialized(q.dtype(), v.shape());
      q.backend()
          .attentionBackward(
              spec,
              q.data(),
              k.data(),
              v.data(),
              mask == null ? null : mask.data(),
              out.data(),
              logSumExp,
              up.data(),
              qGrad,
              kGrad,
              vGrad);
      return new Tensor[] {new Tensor(qGrad), new Tensor(kGrad), new Tensor(vGrad)};
    }

    private Tensor[] composed(Tensor up) {
      Tensor p = weights();
      Tensor pGrad = up.matmul(v.transpose());
      Tensor scoreGrad = p.mul(pGrad.sub(p.mul(pGrad).sum(true, -1))).mul(spec.scale());
      return new Tensor[] {
        scoreGrad.matmul(k), scoreGrad.transpose().matmul(q), p.transpose().matmul(up)
      };
    }

    /** {@return how much each query takes of each value: {@code [batch…, n, m]}} */
    private Tensor weights() {
      Tensor scores = q.matmul(k.transpose()).mul(spec.scale());
      if (mask != null) {
        scores = scores.add(mask);
      }
      if (spec.isCausal()) {
        int n = q.shape().dim(-2);
        int m = k.shape().dim(-2);
        Tensor later = Tensor.ones(q.backend(), q.dtype(), Shape.of(n, m)).triu(m - n + 1);
        scores = scores.maskedFill(later.cast(DType.BOOL), Double.NEGATIVE_INFINITY);
      }
      // A query that sees nothing has the weights 0, and not 0 / 0.
      Tensor largest = Reductions.plain("attention", ReduceOp.MAX, scores, -1);
      Tensor unseen = largest.eq(Double.NEGATIVE_INFINITY);
      return scores.maskedFill(unseen, 0).softmax(-1).mul(unseen.not());
    }
  }
}
