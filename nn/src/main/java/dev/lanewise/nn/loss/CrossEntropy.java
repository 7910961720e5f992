package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * How unexpected each label is, {@code −log softmax(logits)[label]}, for samples or places that
 * belong to one class each, as in PyTorch: logits are {@code [n, c, …]} with the classes along axis
 * 1, labels {@code [n, …]}, i32 or i64. Classes may have weights, and labels may be smoothed or not
 * count; the mean is over what counts, by its weight, and NaN if nothing does.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor logits = Tensor.zeros(1, 3, 2, 2);
 *   Tensor labels = Tensor.of(new int[] {0, 2, -1, 1}, 1, 2, 2);
 *   Loss loss = new CrossEntropy().withIgnoredLabel(-1).withLabelSmoothing(0.1);
 *   IO.println(loss.apply(logits, labels).item()); // log 3
 * }
 * }
 *
 * <p>{@link CategoricalCrossentropy} takes the probabilities of classes for targets.
 */
public final class CrossEntropy implements Loss {
  /**
   * (1 − s) · weight · loss + s / c · spread, of the scalars 1 − s and s / c; {@code spread} is the
   * sum of the weighted losses of all classes.
   */
  private static final Expr SMOOTHED =
      Expr.arg(0).mul(Expr.param(0)).add(Expr.arg(1).mul(Expr.param(1)));

  private static final Expr MINUS_PRODUCT = Expr.arg(0).mul(Expr.arg(1)).neg();

  private final Tensor classWeights;
  private final OptionalLong ignored;
  private final double labelSmoothing;

  /** Makes the loss in which all labels count the same. */
  public CrossEntropy() {
    this(null, OptionalLong.empty(), 0);
  }

  private CrossEntropy(Tensor classWeights, OptionalLong ignored, double labelSmoothing) {
    Term.requireShare("crossEntropy", "label smoothing", labelSmoothing);
    this.classWeights = classWeights;
    this.ignored = ignored;
    this.labelSmoothing = labelSmoothing;
  }

  /**
   * {@return the same with weights of classes}
   *
   * @param weights how much labels of each class count, {@code [c]}, of the logits' type
   */
  public CrossEntropy withClassWeights(Tensor weights) {
    return new CrossEntropy(weights, ignored, labelSmoothing);
  }

  /**
   * {@return the same with a label that does not count}
   *
   * @param label any number, for example −100 or the class of padding
   */
  public CrossEntropy withIgnoredLabel(long label) {
    return new CrossEntropy(classWeights, OptionalLong.of(label), labelSmoothing);
  }

  /**
   * {@return the same with label smoothing}
   *
   * @param share the share of each target that is spread over all classes, from 0 to 1
   * @throws IllegalArgumentException if it is outside its range
   */
  public CrossEntropy withLabelSmoothing(double share) {
    return new CrossEntropy(classWeights, ignored, share);
  }

  @Override
  public String name() {
    return "crossEntropy";
  }

  @Override
  public Config config() {
    LossTypes.requireNoWeights(this, classWeights);
    return Config.of("CrossEntropy")
        .with("labelSmoothing", labelSmoothing)
        .with("ignored", ignored);
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
    if (classWeights == null && ignored.isEmpty()) {
      Labels.requireShapes(name(), predictions, targets);
      return reduction.of(losses(predictions, targets, labelSmoothing));
    }
    Labels labels = Labels.of(name(), predictions, targets, ignored, classWeights);
    if (classWeights == null) {
      return labels.reduce(losses(predictions, targets, labelSmoothing), reduction);
    }
    Tensor weighed = labels.weigh(losses(predictions, targets, 0));
    return labels.reduce(
        labelSmoothing == 0 ? weighed : smoothed(predictions, labels, weighed), reduction);
  }

  private Tensor losses(Tensor predictions, Tensor targets, double smoothing) {
    CrossEntropySpec spec = new CrossEntropySpec(predictions.shape(), 1, smoothing, ignored);
    return predictions.crossEntropy(spec, targets);
  }

  private Tensor smoothed(Tensor predictions, Labels labels, Tensor weighed) {
    int classes = predictions.shape().dim(1);
    int[] column = new int[predictions.shape().rank() - 1];
    Arrays.fill(column, 1);
    column[0] = classes;
    Tensor spread =
        Tensor.mapSum(
            MINUS_PRODUCT,
            Term.NO_SETTINGS,
            new int[] {1},
            false,
            predictions.logSoftmax(1),
            classWeights.to(predictions.backend()).reshape(column));
    return Tensor.map(
        SMOOTHED, Cut.smoothing(labelSmoothing, classes), weighed, labels.counted(spread));
  }

  /** {@return the share of labels that count whose class has the largest prediction} */
  @Override
  public Metric accuracy(String name) {
    return new SparseCategoricalAccuracy(name, ignored);
  }
}
