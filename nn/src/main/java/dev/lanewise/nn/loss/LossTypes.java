package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Records;

/** Makes losses of their configs. */
final class LossTypes {
  private static final Records<Loss> RECORDS =
      Records.of(
          "loss",
          BinaryFocalCrossentropy.class,
          CategoricalCrossentropy.class,
          CategoricalFocalCrossentropy.class,
          CategoricalHinge.class,
          CosineSimilarity.class,
          Hinge.class,
          HingeEmbedding.class,
          Huber.class,
          KLDiv.class,
          KLDivergence.class,
          LogCosh.class,
          MeanAbsoluteError.class,
          MeanAbsolutePercentageError.class,
          MeanSquaredError.class,
          MeanSquaredLogarithmicError.class,
          PoissonNLL.class,
          SmoothL1.class,
          SoftMargin.class,
          SquaredHinge.class);

  private LossTypes() {}

  /** {@return type and settings of a loss that is a record} */
  static Config config(Loss loss) {
    return RECORDS.config(loss);
  }

  /** Refuses to describe a loss that has weights, which are tensors. */
  static void requireNoWeights(Loss loss, Tensor weights) {
    if (weights != null) {
      throw new UnsupportedOperationException(
          "the loss " + loss.name() + " has weights, which are not saved with it");
    }
  }

  /** {@return a loss, made again} */
  static Loss make(Config config) {
    return switch (config.type()) {
      case "BinaryCrossentropy" ->
          new BinaryCrossentropy(config.flag("fromLogits"), config.number("labelSmoothing"));
      case "CrossEntropy" -> {
        CrossEntropy loss = new CrossEntropy().withLabelSmoothing(config.number("labelSmoothing"));
        yield config.has("ignored") ? loss.withIgnoredLabel(config.wholeNumber("ignored")) : loss;
      }
      case "MultiMargin" -> new MultiMargin(config.integer("power"), config.number("margin"));
      case "NegativeLogLikelihood" ->
          config.has("ignored")
              ? new NegativeLogLikelihood().withIgnoredLabel(config.wholeNumber("ignored"))
              : new NegativeLogLikelihood();
      case "SparseCategoricalCrossentropy" ->
          new SparseCategoricalCrossentropy(config.flag("fromLogits"));
      default -> RECORDS.make(config);
    };
  }
}
