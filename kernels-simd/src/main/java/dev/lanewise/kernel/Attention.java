package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;

/**
 * Scaled dot-product attention (Vaswani et al., "Attention Is All You Need", 2017), forward and
 * backward, a block of queries and keys at a time: no backend keeps all scores of a batch element
 * in memory.
 *
 * <p>A query that sees no key, or only keys with a score of −∞, gives zeros, a logarithm of −∞ and
 * no gradient. A key that is not seen still counts, with the weight 0: its value must be finite.
 * With δ the largest error of a score of a query, which is that of a sum of d products, an output
 * is off by at most {@code (2δ + ε · (c + largest distance of a score that counts)) · Σ p |v|},
 * with c as in {@link RowOperations}.
 */
public sealed interface Attention permits Backend {

  /**
   * Computes {@code out = softmax(q · kᵀ · scale + mask) · v}.
   *
   * @param spec the shapes, the scale and whether it is causal
   * @param q {@code [batch…, n, d]}
   * @param k {@code [batch…, m, d]}
   * @param v {@code [batch…, m, e]}
   * @param mask what is added to the scores, −∞ where a key must not be seen; stretches to {@code
   *     [batch…, n, m]}; null for none
   * @param out {@code [batch…, n, e]}
   * @param logSumExp {@code [batch…, n]}; receives the logarithm of the sum of the exponentials of
   *     each query's scores, which {@link #attentionBackward} needs
   */
  default void attention(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp) {
    NdArray stretched = spec.checkForward(q, k, v, mask, out, logSumExp);
    ComposedAttention.forward((Backend) this, spec, q, k, v, stretched, out, logSumExp);
  }

  /**
   * Computes the gradients of {@link #attention}. The scores are computed again, block by block
   * (Dao et al., "FlashAttention", 2022, algorithm 4). The mask has no gradient.
   *
   * @param spec the spec of the forward call
   * @param q {@code [batch…, n, d]}
   * @param k {@code [batch…, m, d]}
   * @param v {@code [batch…, m, e]}
   * @param mask the mask of the forward call, or null
   * @param out what the forward call gave
   * @param logSumExp what the forward call gave
   * @param outGrad the gradient by {@code out}
   * @param qGrad receives the gradient by the queries
   * @param kGrad receives the gradient by the keys
   * @param vGrad receives the gradient by the values
   */
  default void attentionBackward(
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
    NdArray stretched =
        spec.checkBackward(q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
    ComposedAttention.backward(
        (Backend) this,
        spec,
        stretched,
        new ComposedAttention.Arrays(q, k, v, out, logSumExp, outGrad, qGrad, kGrad, vGrad));
  }
}
