package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.List;

/**
 * Attention without weights, Keras's {@code Attention}: {@code softmax(q · kᵀ) · v}. Inputs are
 * queries {@code [n, t, d]}, values {@code [n, s, e]} and keys {@code [n, s, d]}; without keys the
 * values are the keys, and with the queries alone they are all three. It gives {@code [n, t, e]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor question = Input.of(5, 16);
 *   SymbolicTensor text = Input.of(40, 16);
 *   IO.println(new DotProductAttention().scaled(true).apply(question, text)); // [n, 5, 16]
 * }
 * }
 */
public final class DotProductAttention extends MultiInputLayer {
  private boolean scaled;
  private boolean causal;

  /** Makes the layer. */
  public DotProductAttention() {}

  /**
   * Chooses whether products are divided by √d before the softmax, as {@link MultiHeadAttention}
   * does; they are not if nobody does, as in Keras.
   *
   * @param scaled whether they are
   * @return this layer
   */
  public DotProductAttention scaled(boolean scaled) {
    this.scaled = scaled;
    return this;
  }

  /**
   * Chooses whether a query sees only the keys up to its own step; it sees all if nobody does.
   *
   * @param causal whether it does; there must be as many keys as queries then
   * @return this layer
   */
  public DotProductAttention causal(boolean causal) {
    this.causal = causal;
    return this;
  }

  /**
   * {@return the shape of one sample of the output: {@code [t, e]}}
   *
   * @param inputs the shapes of queries, values and keys; the last, or the last two, may be missing
   * @throws ShapeException if they do not fit each other
   */
  @Override
  public Shape outputShape(List<Shape> inputs) {
    AttentionShapes.check(describe(), inputs, causal);
    Shape queries = inputs.getFirst();
    if (queries.dim(1) != inputs.getLast().dim(1)) {
      throw new ShapeException(
          "%s: queries and keys must have as many features, not %d and %d (queries %s, keys %s)"
              .formatted(
                  describe(),
                  queries.dim(1),
                  inputs.getLast().dim(1),
                  batchOf(queries),
                  batchOf(inputs.getLast())));
    }
    return Shape.of(queries.dim(0), AttentionShapes.values(inputs).dim(1));
  }

  @Override
  protected Tensor call(List<Tensor> inputs, boolean training) {
    Tensor given = inputs.getFirst();
    // The operation divides by the root.
    Tensor queries = scaled ? given : given.mul(Math.sqrt(given.shape().dim(-1)));
    Tensor values = AttentionShapes.values(inputs);
    return causal
        ? queries.causalAttention(inputs.getLast(), values)
        : queries.attention(inputs.getLast(), values);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("scaled", scaled).with("causal", causal);
  }

  static DotProductAttention of(Config config) {
    return new DotProductAttention().scaled(config.flag("scaled")).causal(config.flag("causal"));
  }
}
