package dev.lanewise.autodiff;

import dev.lanewise.kernel.AttentionSpec;

/**
 * Scaled dot-product attention, of which this tensor is the queries: {@code softmax(q · kᵀ / √d +
 * mask) · v}, a block at a time, so that no array of all scores is made; but where the gradient is
 * itself recorded. Batch and heads are axes before the last two, the same of all three. A key that
 * is not seen counts with the weight 0: its value must be finite.
 *
 * <p>All throw {@link dev.lanewise.array.ShapeException} if a shape does not fit, and {@link
 * dev.lanewise.array.DTypeException} unless all tensors are f32 or all f64.
 */
public sealed interface AttentionOps permits Tensor {

  /**
   * {@return for each query the mean of the values, weighted by how well their keys fit the query}
   *
   * {@snippet :
   * Tensor context = queries.attention(keys, values);   // [batch, heads, n, d] of each
   * }
   *
   * @param keys {@code [batch…, m, d]}; this is {@code [batch…, n, d]}
   * @param values {@code [batch…, m, e]}
   */
  default Tensor attention(Tensor keys, Tensor values) {
    return attention(keys, values, null);
  }

  /**
   * {@return attention to the keys that a mask leaves} A query that sees no key gives zeros.
   *
   * @param keys {@code [batch…, m, d]}; this is {@code [batch…, n, d]}
   * @param values {@code [batch…, m, e]}
   * @param mask is added to the scores, −∞ where a key must not be seen; stretches to {@code
   *     [batch…, n, m]}; or {@code null}. It has no gradient
   * @throws IllegalArgumentException if operations are recorded and the mask requires a gradient
   */
  default Tensor attention(Tensor keys, Tensor values, Tensor mask) {
    Tensor q = (Tensor) this;
    return Attentions.attend(
        AttentionSpec.of(q.shape(), keys.shape(), values.shape()), q, keys, values, mask);
  }

  /**
   * {@return attention in which query i sees only the keys up to {@code i + m − n}: the last one
   * sees all}
   *
   * @param keys {@code [batch…, m, d]}; this is {@code [batch…, n, d]}
   * @param values {@code [batch…, m, e]}
   */
  default Tensor causalAttention(Tensor keys, Tensor values) {
    Tensor q = (Tensor) this;
    return Attentions.attend(
        AttentionSpec.of(q.shape(), keys.shape(), values.shape()).causal(), q, keys, values, null);
  }
}
