package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Normalizes groups of neighbouring channels of each sample, {@code [n, c, …]}, with all of their
 * places: {@code gamma · (x − mean) / √(variance + epsilon) + beta}. Gamma and beta are {@code
 * [c]}. (Wu and He, Group Normalization, 2018)
 */
public final class GroupNormalization extends CenteredNormLayer<GroupNormalization> {
  private static final int EACH_CHANNEL = -1;

  private final int groups;

  /** Of the input that the weights were made for; 0 before. */
  private int channels;

  /** Makes a layer of 32 groups, with Keras's epsilon, 1e-3; PyTorch's is 1e-5. */
  public GroupNormalization() {
    this(32);
  }

  /**
   * Makes a layer with Keras's epsilon, 1e-3; PyTorch's is 1e-5.
   *
   * @param groups into how many groups the channels are cut; it divides their number. 1 normalizes
   *     each sample as a whole, and −1 each channel by itself, which is instance normalization
   * @throws IllegalArgumentException if it is 0, or negative and not −1
   */
  public GroupNormalization(int groups) {
    super(1e-3);
    if (groups < 1 && groups != EACH_CHANNEL) {
      throw new IllegalArgumentException(
          "GroupNormalization: groups must be at least 1, or -1 for each channel, not " + groups);
    }
    this.groups = groups;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input, {@code [c, …]}
   * @throws ShapeException if the groups do not divide its channels, or it has not as many as the
   *     weights
   */
  @Override
  public Shape outputShape(Shape input) {
    int given = input.rank() == 0 ? 0 : input.dim(0);
    if (given == 0) {
      throw new ShapeException(
          "%s: input must have channels, [n, c, ...], not %s"
              .formatted(describe(), batchOf(input)));
    }
    if (groups != EACH_CHANNEL && given % groups != 0) {
      throw new ShapeException(
          "%s: %d groups must divide the %d channels of the input, %s"
              .formatted(describe(), groups, given, batchOf(input)));
    }
    if (isBuilt() && given != channels) {
      throw new ShapeException(
          "%s: input must have %d channels, not %d (input %s)"
              .formatted(describe(), channels, given, batchOf(input)));
    }
    return input;
  }

  @Override
  protected void createWeights(Shape input) {
    channels = input.dim(0);
    createGamma(Shape.of(channels));
    createBeta(Shape.of(channels));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.groupNorm(groups == EACH_CHANNEL ? channels : groups, gamma, beta, epsilon());
  }

  @Override
  GroupNormalization self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("groups", groups));
  }

  static GroupNormalization of(Config config) {
    return new GroupNormalization(config.integer("groups")).configured(config);
  }
}
