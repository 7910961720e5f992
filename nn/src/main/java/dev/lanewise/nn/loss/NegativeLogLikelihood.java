package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import java.util.OptionalLong;

/**
 * Less the prediction for each label, {@code −prediction[label]}: {@link CrossEntropy} for
 * predictions that are logarithms of probabilities already. These are {@code [n, c, …]} with the
 * classes along axis 1, labels {@code [n, …]}, i32 or i64. The mean is over what counts, by its
 * weight, and NaN if nothing does.
 */
public final class NegativeLogLikelihood implements Loss {
  private final Tensor classWeights;
  private final OptionalLong ignored;

  /** Makes the loss in which all labels count the same. */
  public NegativeLogLikelihood() {
    this(null, OptionalLong.empty());
  }

  private NegativeLogLikelihood(Tensor classWeights, OptionalLong ignored) {
    this.classWeights = classWeights;
    this.ignored = ignored;
  }

  /**
   * {@return the same with weights of classes}
   *
   * @param weights how much labels of each class count, {@code [c]}, of the predictions' type
   */
  public NegativeLogLikelihood withClassWeights(Tensor weights) {
    return new NegativeLogLikelihood(weights, ignored);
  }

  /**
   * {@return the same with a label that does not count}
   *
   * @param label any number, for example −100 or the class of padding
   */
  public NegativeLogLikelihood withIgnoredLabel(long label) {
    return new NegativeLogLikelihood(classWeights, OptionalLong.of(label));
  }

  @Override
  public String name() {
    return "negativeLogLikelihood";
  }

  @Override
  public Config config() {
    LossTypes.requireNoWeights(this, classWeights);
    return Config.of("NegativeLogLikelihood").with("ignored", ignored);
  }

  @Override
  public TargetKind targets() {
    return TargetKind.CLASS_MAPS;
  }

  @Override
  public OptionalLong ignoredLabel() {
    return ignored;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    Labels labels = Labels.of(name(), predictions, targets, ignored, classWeights);
    return labels.reduce(labels.weigh(labels.pick(predictions).neg()), reduction);
  }

  /** {@return the share of labels that count whose class has the largest prediction} */
  @Override
  public Metric accuracy(String name) {
    return new SparseCategoricalAccuracy(name, ignored);
  }
}
