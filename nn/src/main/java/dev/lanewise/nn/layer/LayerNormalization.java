package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;
import java.util.Arrays;

/**
 * Normalizes each block of the last axes by itself: {@code gamma · (x − mean) / √(variance +
 * epsilon) + beta}, with mean and variance of the block. Gamma and beta have a block's shape. (Ba,
 * Kiros and Hinton, Layer Normalization, 2016)
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Dense(64), new LayerNormalization(), new Dense(10));
 *   IO.println(model.build(20).summary());
 * }
 * }
 */
public final class LayerNormalization extends CenteredNormLayer<LayerNormalization> {
  private int axes = 1;

  /** The shape that the weights have. */
  private Shape block;

  /**
   * Makes a layer that normalizes along the last axis, with Keras's epsilon, 1e-3; PyTorch's is
   * 1e-5.
   */
  public LayerNormalization() {
    super(1e-3);
  }

  /**
   * Chooses how many of the last axes make a block; 1 if nobody does.
   *
   * @param axes how many, at least 1
   * @return this layer
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if the layer is built
   */
  public LayerNormalization axes(int axes) {
    requireUnbuilt("axes");
    this.axes = Checks.atLeastOne("LayerNormalization: axes", axes);
    return this;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has not so many axes, or blocks of another shape than the weights
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() < axes) {
      throw new ShapeException(
          "%s: samples must have at least %d axes, not %d (input %s)"
              .formatted(describe(), axes, input.rank(), batchOf(input)));
    }
    if (isBuilt() && !block(input).equals(block)) {
      throw new ShapeException(
          "%s: the last axes must have the extents %s, not %s (input %s)"
              .formatted(describe(), block, block(input), batchOf(input)));
    }
    return input;
  }

  private Shape block(Shape input) {
    return Shape.of(Arrays.copyOfRange(input.dims(), input.rank() - axes, input.rank()));
  }

  @Override
  protected void createWeights(Shape input) {
    block = block(input);
    createGamma(block);
    createBeta(block);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.layerNorm(axes, gamma, beta, epsilon());
  }

  @Override
  LayerNormalization self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("axes", axes));
  }

  static LayerNormalization of(Config config) {
    return new LayerNormalization().axes(config.integer("axes")).configured(config);
  }
}
