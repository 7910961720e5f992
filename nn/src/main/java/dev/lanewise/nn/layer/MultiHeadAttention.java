package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import java.util.List;

/**
 * Attention by several heads, each of which compares queries and keys in a space of its own; from
 * A. Vaswani et al., "Attention is all you need", 2017, section 3.2.2. Inputs are queries {@code
 * [n, t, d]}, values {@code [n, s, e]} and keys {@code [n, s, f]}; without keys the values are the
 * keys, and with the queries alone they are all three. It gives {@code [n, t, d]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor words = Input.of(20, 32);
 *   SymbolicTensor seen = new MultiHeadAttention(4, 8).causal(true).apply(words);
 *   SymbolicTensor sum = new Add().apply(words, seen);
 *   IO.println(Model.of(words, sum).summary());
 * }
 * }
 *
 * <p>Each head is {@code softmax(q · kᵀ / √keyDim) · v}. The kernels are {@code query/kernel [d,
 * heads · keyDim]}, {@code key/kernel}, {@code value/kernel [e, heads · valueDim]} and {@code
 * output/kernel [heads · valueDim, d]}: Keras's, with the axes of head and number joined.
 */
public final class MultiHeadAttention extends MultiInputLayer {
  private final int heads;
  private final int keyDim;
  private final int valueDim;
  private boolean causal;
  private boolean useBias = true;
  private Initializer kernelInitializer = Initializer.glorotUniform();
  private Projection query;
  private Projection key;
  private Projection value;
  private Projection output;

  /** A product and a sum; the bias is {@code null} if there is none. */
  private record Projection(Tensor kernel, Tensor bias) {
    Tensor of(Tensor x) {
      return bias == null ? x.matmul(kernel) : x.affine(kernel, bias);
    }
  }

  /**
   * Makes a layer whose heads' values are as long as their keys.
   *
   * @param heads how many heads there are, at least 1
   * @param keyDim the numbers of a head's queries and keys, at least 1
   * @throws IllegalArgumentException if one is not positive
   */
  public MultiHeadAttention(int heads, int keyDim) {
    this(heads, keyDim, keyDim);
  }

  /**
   * Makes a layer.
   *
   * @param heads how many heads there are, at least 1
   * @param keyDim the numbers of a head's queries and keys, at least 1
   * @param valueDim the numbers of a head's values, at least 1
   * @throws IllegalArgumentException if one is not positive
   */
  public MultiHeadAttention(int heads, int keyDim, int valueDim) {
    if (heads < 1 || keyDim < 1 || valueDim < 1) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: heads, keyDim and valueDim must be at least 1, not %d, %d and %d"
              .formatted(heads, keyDim, valueDim));
    }
    this.heads = heads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
  }

  /**
   * Chooses whether a query sees only the keys up to its own step; it sees all if nobody does.
   *
   * @param causal whether it does; there must be as many keys as queries then
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public MultiHeadAttention causal(boolean causal) {
    requireUnbuilt("causal");
    this.causal = causal;
    return this;
  }

  /**
   * Chooses whether biases are added; they are if nobody does.
   *
   * @param used whether they are
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public MultiHeadAttention useBias(boolean used) {
    requireUnbuilt("useBias");
    useBias = used;
    return this;
  }

  /**
   * Chooses how the kernels start; {@link Initializer#glorotUniform} if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public MultiHeadAttention kernelInitializer(Initializer initializer) {
    requireUnbuilt("kernelInitializer");
    kernelInitializer = initializer;
    return this;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the queries}
   *
   * @param inputs the shapes of queries, values and keys; the last, or the last two, may be missing
   * @throws ShapeException if they do not fit each other or the kernels
   */
  @Override
  public Shape outputShape(List<Shape> inputs) {
    AttentionShapes.check(describe(), inputs, causal);
    if (isBuilt()) {
      requireFeatures("queries", inputs.getFirst(), query);
      requireFeatures("values", AttentionShapes.values(inputs), value);
      requireFeatures("keys", inputs.getLast(), key);
    }
    return inputs.getFirst();
  }

  private void requireFeatures(String what, Shape input, Projection projection) {
    int features = projection.kernel.shape().dim(0);
    if (input.dim(1) != features) {
      throw new ShapeException(
          "%s: %s must have %d features in their last axis, not %d (%s %s, kernel %s)"
              .formatted(
                  describe(),
                  what,
                  features,
                  input.dim(1),
                  what,
                  batchOf(input),
                  projection.kernel.shape()));
    }
  }

  @Override
  protected void createWeights(List<Shape> inputs) {
    int features = inputs.getFirst().dim(1);
    query = projection("query", features, Math.multiplyExact(heads, keyDim));
    key = projection("key", inputs.getLast().dim(1), Math.multiplyExact(heads, keyDim));
    int values = Math.multiplyExact(heads, valueDim);
    value = projection("value", AttentionShapes.values(inputs).dim(1), values);
    output = projection("output", values, features);
  }

  private Projection projection(String role, int in, int out) {
    Fans fans = new Fans(in, out);
    return new Projection(
        addWeight(role + "/kernel", Shape.of(in, out), kernelInitializer, fans),
        useBias ? addWeight(role + "/bias", Shape.of(out), Initializer.zeros(), fans) : null);
  }

  @Override
  protected Tensor call(List<Tensor> inputs, boolean training) {
    Tensor q = split(query.of(inputs.getFirst()), keyDim);
    Tensor k = split(key.of(inputs.getLast()), keyDim);
    Tensor v = split(value.of(AttentionShapes.values(inputs)), valueDim);
    Tensor seen = causal ? q.causalAttention(k, v) : q.attention(k, v);
    Shape shape = inputs.getFirst().shape();
    return output.of(seen.transpose(1, 2).reshape(shape.dim(0), shape.dim(1), heads * valueDim));
  }

  /** {@return {@code [n, steps, heads · each]} as {@code [n, heads, steps, each]}} */
  private Tensor split(Tensor x, int each) {
    return x.reshape(x.shape().dim(0), x.shape().dim(1), heads, each).transpose(1, 2);
  }

  @Override
  public Config config() {
    return Config.of(type())
        .with("heads", heads)
        .with("keyDim", keyDim)
        .with("valueDim", valueDim)
        .with("causal", causal)
        .with("useBias", useBias)
        .with("kernelInitializer", kernelInitializer);
  }

  static MultiHeadAttention of(Config config) {
    return new MultiHeadAttention(
            config.integer("heads"), config.integer("keyDim"), config.integer("valueDim"))
        .causal(config.flag("causal"))
        .useBias(config.flag("useBias"))
        .kernelInitializer(Initializer.named(config.text("kernelInitializer")));
  }
}
