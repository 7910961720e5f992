package dev.lanewise.nn.layer;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.internal.Samples;
import java.util.Optional;

/**
 * Looks vectors up: {@code [n, …]} indices to {@code [n, …, outputDim]}. The table is {@code
 * [inputDim, outputDim]} and starts with numbers from −0.05 to 0.05, as Keras's.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Embedding(1000, 8), new LSTM(16), new Dense(1, "sigmoid"));
 *   Tensor words = Tensor.of(new float[] {4, 17, 0, 999, 3, 3}, 2, 3);
 *   IO.println(model.predict(words).shape()); // [2, 1]
 * }
 * }
 *
 * <p>Indices are i32 or i64, or whole numbers in f32 or f64, as models give them to their first
 * layer; f32 has all whole numbers up to 2²⁴.
 */
public final class Embedding extends Layer {
  private final int inputDim;
  private final int outputDim;
  private Initializer embeddingsInitializer = Initializer.uniform(0.05);
  private Optional<Regularizer> embeddingsRegularizer = Optional.empty();
  private Optional<Constraint> embeddingsConstraint = Optional.empty();
  private Tensor embeddings;

  /**
   * Makes the layer.
   *
   * @param inputDim how many vectors there are: indices are from 0 to {@code inputDim − 1}
   * @param outputDim the numbers of a vector
   * @throws IllegalArgumentException if one is not positive
   */
  public Embedding(int inputDim, int outputDim) {
    if (inputDim < 1 || outputDim < 1) {
      throw new IllegalArgumentException(
          "Embedding: inputDim and outputDim must be at least 1, not %d and %d"
              .formatted(inputDim, outputDim));
    }
    this.inputDim = inputDim;
    this.outputDim = outputDim;
  }

  /**
   * Chooses how the table starts; by {@link Initializer#uniform} with 0.05 if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public Embedding embeddingsInitializer(Initializer initializer) {
    requireUnbuilt("embeddingsInitializer");
    embeddingsInitializer = initializer;
    return this;
  }

  /**
   * Adds a penalty on the table to the loss.
   *
   * @param regularizer computes the penalty
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public Embedding embeddingsRegularizer(Regularizer regularizer) {
    requireUnbuilt("embeddingsRegularizer");
    embeddingsRegularizer = Optional.of(regularizer);
    return this;
  }

  /**
   * Brings the table within bounds after each step.
   *
   * @param constraint the bounds
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public Embedding embeddingsConstraint(Constraint constraint) {
    requireUnbuilt("embeddingsConstraint");
    embeddingsConstraint = Optional.of(constraint);
    return this;
  }

  /**
   * {@return the shape of one sample of the output: the input's and {@code outputDim}}
   *
   * @param input the shape of one sample of the input
   */
  @Override
  public Shape outputShape(Shape input) {
    int[] dims = new int[input.rank() + 1];
    System.arraycopy(input.dims(), 0, dims, 0, input.rank());
    dims[input.rank()] = outputDim;
    return Shape.of(dims);
  }

  @Override
  protected void createWeights(Shape input) {
    embeddings =
        addWeight(
            WeightSpec.of(
                    "embeddings",
                    Shape.of(inputDim, outputDim),
                    embeddingsInitializer,
                    new Fans(inputDim, outputDim))
                .regularizer(embeddingsRegularizer)
                .constraint(embeddingsConstraint));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor rows;
    try {
      rows = embeddings.indexSelect(0, indices(x).flatten(0));
    } catch (ShapeException e) {
      throw wrongIndex(x, e);
    }
    return rows.reshape(Samples.batch(x.shape().dim(0), outputShape(Samples.sampleOf(x.shape()))));
  }

  /**
   * {@return whole numbers; −1 for those that are none, which the lookup refuses} So nothing is
   * read back to check them, which would make a device wait in each step.
   */
  private Tensor indices(Tensor x) {
    if (x.dtype() != DType.F32 && x.dtype() != DType.F64) {
      return x;
    }
    // Within what an i32 holds.
    Tensor near = x.clamp(-1, inputDim);
    Tensor none = Tensor.scalar(x.backend(), x.dtype(), -1);
    return Tensor.where(near.eq(near.floor()), near, none).cast(DType.I32);
  }

  private ShapeException wrongIndex(Tensor x, ShapeException cause) {
    double[] all = x.cast(DType.F64).toDoubleArray();
    int each = all.length / Math.max(1, x.shape().dim(0));
    for (int i = 0; i < all.length; i++) {
      if (!(all[i] >= 0 && all[i] < inputDim && all[i] == Math.rint(all[i]))) {
        return new ShapeException(
            "%s: indices must be whole numbers from 0 to %d, not %s (sample %d)"
                .formatted(describe(), inputDim - 1, all[i], i / each));
      }
    }
    return cause;
  }

  @Override
  public Config config() {
    return Config.of(type())
        .with("inputDim", inputDim)
        .with("outputDim", outputDim)
        .with("embeddingsInitializer", embeddingsInitializer)
        .with("embeddingsRegularizer", embeddingsRegularizer)
        .with("embeddingsConstraint", embeddingsConstraint);
  }

  static Embedding of(Config config) {
    Embedding layer = new Embedding(config.integer("inputDim"), config.integer("outputDim"));
    layer.embeddingsInitializer = Initializer.named(config.text("embeddingsInitializer"));
    layer.embeddingsRegularizer = config.optional("embeddingsRegularizer", Regularizer::named);
    layer.embeddingsConstraint = config.optional("embeddingsConstraint", Constraint::named);
    return layer;
  }
}
