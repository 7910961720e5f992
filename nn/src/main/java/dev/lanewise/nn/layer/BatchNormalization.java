package dev.lanewise.nn.layer;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;

/**
 * Normalizes each channel: {@code gamma · (x − mean) / √(variance + epsilon) + beta}, by the mean
 * and the variance of the batch in training, and otherwise, or if the layer is not {@linkplain
 * #trainable trainable}, by moving averages of them: the weights {@code moving_mean} and {@code
 * moving_variance}, which only steps of training change. (Ioffe and Szegedy, Batch Normalization,
 * 2015)
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model =
 *       Sequential.of(
 *           new Conv2D(8, 3).useBias(false), // beta is one
 *           new BatchNormalization(),
 *           new ReLU(),
 *           new GlobalAvgPool2D(),
 *           new Dense(10));
 *   IO.println(model.build(1, 28, 28).summary());
 * }
 * }
 *
 * <p>Channels are axis 1, of images, {@code [n, c, h, w]}, and of rows, {@code [n, c]}; for series
 * of {@code [n, steps, features]} choose {@code axis(-1)}. A gradient flows through mean and
 * variance of the batch, not into the averages.
 */
public final class BatchNormalization extends CenteredNormLayer<BatchNormalization> {
  private static final Fans ONE = new Fans(1, 1);

  private int axis = 1;
  private double momentum = 0.99;
  private boolean unbiased;
  private Tensor movingMean;
  private Tensor movingVariance;

  /** Makes a layer with Keras's numbers: momentum 0.99, epsilon 1e-3. */
  public BatchNormalization() {
    super(1e-3);
  }

  /**
   * {@return one with PyTorch's numbers: what is there called a momentum of 0.1, 0.9 here; epsilon
   * 1e-5; and a moving average of unbiased variances}
   */
  public static BatchNormalization pytorch() {
    return new BatchNormalization().momentum(0.9).epsilon(1e-5).unbiased(true);
  }

  /**
   * Chooses the axis of the channels; 1 if nobody does.
   *
   * @param axis the axis, counted as in the batch; negative counts from the last
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public BatchNormalization axis(int axis) {
    requireUnbuilt("axis");
    this.axis = axis;
    return this;
  }

  /**
   * Chooses how slowly moving averages forget: {@code average · momentum + batch's · (1 −
   * momentum)}.
   *
   * @param momentum from 0 to 1
   * @return this layer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the layer is built
   */
  public BatchNormalization momentum(double momentum) {
    requireUnbuilt("momentum");
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "BatchNormalization: momentum must be from 0 to 1, not " + momentum);
    }
    this.momentum = momentum;
    return this;
  }

  /**
   * Chooses whether the moving average is one of unbiased variances, which are divided by one less
   * than the number of elements; it is not if nobody does. The batch itself is normalized by the
   * biased one.
   *
   * @param unbiased whether it is
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public BatchNormalization unbiased(boolean unbiased) {
    requireUnbuilt("unbiased");
    this.unbiased = unbiased;
    return this;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has no such axis, or not as many channels as the weights
   */
  @Override
  public Shape outputShape(Shape input) {
    int channels = input.dim(SampleAxis.of(describe(), axis, input) - 1);
    if (isBuilt() && channels != movingMean.shape().dim(0)) {
      throw new ShapeException(
          "%s: input must have %d channels, not %d (input %s)"
              .formatted(describe(), movingMean.shape().dim(0), channels, batchOf(input)));
    }
    return input;
  }

  @Override
  protected void createWeights(Shape input) {
    Shape channels = Shape.of(input.dim(SampleAxis.of(describe(), axis, input) - 1));
    createGamma(channels);
    createBeta(channels);
    movingMean =
        addWeight(
            WeightSpec.of("moving_mean", channels, Initializer.zeros(), ONE).trainable(false));
    movingVariance =
        addWeight(
            WeightSpec.of("moving_variance", channels, Initializer.constant(1), ONE)
                .trainable(false));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    if (axis == 1) {
      return normalized(x, training);
    }
    return normalized(x.transpose(1, axis), training).transpose(1, axis);
  }

  private Tensor normalized(Tensor x, boolean training) {
    if (!training || !isTrainable()) {
      return x.batchNorm(movingMean, movingVariance, gamma, beta, epsilon());
    }
    try (Grad _ = Grad.off()) {
      update(x);
    }
    return x.batchNorm(gamma, beta, epsilon());
  }

  private void update(Tensor x) {
    NormSpec spec = NormSpec.batch(x.shape(), epsilon());
    long count = spec.count();
    if (count == 0) {
      return; // there is no mean of nothing
    }
    NdArray mean = x.backend().uninitialized(x.dtype(), spec.moments());
    NdArray variance = x.backend().uninitialized(x.dtype(), spec.moments());
    x.backend().moments(spec, x.data(), mean, variance);
    // One element has no unbiased variance: it counts as one that does not vary.
    double factor = unbiased && count > 1 ? count / (count - 1.0) : 1;
    movingMean.mulInPlace(momentum).addInPlace(Tensor.of(mean).mul(1 - momentum));
    movingVariance
        .mulInPlace(momentum)
        .addInPlace(Tensor.of(variance).mul((1 - momentum) * factor));
  }

  @Override
  BatchNormalization self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(
        Config.of(type()).with("axis", axis).with("momentum", momentum).with("unbiased", unbiased));
  }

  static BatchNormalization of(Config config) {
    return new BatchNormalization()
        .axis(config.integer("axis"))
        .momentum(config.number("momentum"))
        .unbiased(config.flag("unbiased"))
        .configured(config);
  }
}
