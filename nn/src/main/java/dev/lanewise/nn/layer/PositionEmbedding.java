package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;

/**
 * Adds a learned vector to each step of a sequence, {@code [n, steps, features]}, so that attention
 * can tell the steps apart. The table is {@code [maxSteps, features]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Embedding(100, 16), new PositionEmbedding(50));
 *   IO.println(model.build(50).summary());
 * }
 * }
 */
public final class PositionEmbedding extends Layer {
  private final int maxSteps;
  private Initializer embeddingsInitializer = Initializer.glorotUniform();
  private Tensor embeddings;

  /**
   * Makes the layer.
   *
   * @param maxSteps how many steps a sequence may have, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public PositionEmbedding(int maxSteps) {
    if (maxSteps < 1) {
      throw new IllegalArgumentException(
          "PositionEmbedding: maxSteps must be at least 1, not " + maxSteps);
    }
    this.maxSteps = maxSteps;
  }

  /**
   * Chooses how the table starts; {@link Initializer#glorotUniform} if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public PositionEmbedding embeddingsInitializer(Initializer initializer) {
    requireUnbuilt("embeddingsInitializer");
    embeddingsInitializer = initializer;
    return this;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it is not {@code [steps, features]}, has too many steps, or not as
   *     many features as the table
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2 || input.dim(0) > maxSteps) {
      throw new ShapeException(
          "%s: input must be sequences of at most %d steps, [n, steps, features], not %s"
              .formatted(describe(), maxSteps, batchOf(input)));
    }
    if (isBuilt() && input.dim(1) != embeddings.shape().dim(1)) {
      throw new ShapeException(
          "%s: input must have %d features in its last axis, not %d (input %s, table %s)"
              .formatted(
                  describe(),
                  embeddings.shape().dim(1),
                  input.dim(1),
                  batchOf(input),
                  embeddings.shape()));
    }
    return input;
  }

  @Override
  protected void createWeights(Shape input) {
    int features = input.dim(1);
    embeddings =
        addWeight(
            "embeddings",
            Shape.of(maxSteps, features),
            embeddingsInitializer,
            new Fans(maxSteps, features));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.add(embeddings.slice(0, 0, x.shape().dim(1)));
  }

  @Override
  public Config config() {
    return Config.of(type())
        .with("maxSteps", maxSteps)
        .with("embeddingsInitializer", embeddingsInitializer);
  }

  static PositionEmbedding of(Config config) {
    return new PositionEmbedding(config.integer("maxSteps"))
        .embeddingsInitializer(Initializer.named(config.text("embeddingsInitializer")));
  }
}
