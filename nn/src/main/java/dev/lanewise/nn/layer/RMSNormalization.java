package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;
import java.util.Arrays;

/**
 * Divides each block of the last axes by the root of the mean of its squares: {@code gamma · x /
 * √(mean(x²) + epsilon)}. Gamma has a block's shape. (Zhang and Sennrich, Root Mean Square Layer
 * Normalization, 2019)
 */
public final class RMSNormalization extends NormLayer<RMSNormalization> {
  private int axes = 1;

  /** The shape that the weights have. */
  private Shape block;

  /** Makes a layer that normalizes along the last axis, with Keras's epsilon, 1e-6. */
  public RMSNormalization() {
    super(1e-6);
  }

  /**
   * Chooses how many of the last axes make a block; 1 if nobody does.
   *
   * @param axes how many, at least 1
   * @return this layer
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if the layer is built
   */
  public RMSNormalization axes(int axes) {
    requireUnbuilt("axes");
    this.axes = Checks.atLeastOne("RMSNormalization: axes", axes);
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
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.rmsNorm(axes, gamma, epsilon());
  }

  @Override
  RMSNormalization self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("axes", axes));
  }

  static RMSNormalization of(Config config) {
    return new RMSNormalization().axes(config.integer("axes")).configured(config);
  }
}
