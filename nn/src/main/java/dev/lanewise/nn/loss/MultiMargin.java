package dev.lanewise.nn.loss;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import java.util.OptionalLong;

/**
 * How far the right class misses a margin above each of the others, {@code Σ max(margin − p[label]
 * + p[class], 0)^p / c} over the other classes (Crammer and Singer, "On the Algorithmic
 * Implementation of Multiclass Kernel-based Vector Machines", 2001). Predictions are {@code [n,
 * c]}, labels {@code [n]}, i32 or i64.
 */
public final class MultiMargin implements Loss {
  /** How far a class comes too near the label's, argument 1. */
  private static final Expr MISSED = Expr.arg(0).sub(Expr.arg(1)).add(Expr.param(0)).relu();

  private static final Expr LINEAR = MISSED.mul(Expr.param(1));
  private static final Expr SQUARED = MISSED.square().mul(Expr.param(1));

  private final int power;
  private final double margin;
  private final Tensor classWeights;

  /** Makes the loss with a power and a margin of 1. */
  public MultiMargin() {
    this(1, 1);
  }

  /**
   * Makes the loss.
   *
   * @param power 1 or 2
   * @param margin how far the right class must be above the others
   * @throws IllegalArgumentException if the power is neither, or the margin is not a number
   */
  public MultiMargin(int power, double margin) {
    this(power, margin, null);
  }

  private MultiMargin(int power, double margin, Tensor classWeights) {
    if (power != 1 && power != 2) {
      throw new IllegalArgumentException("multiMargin: the power must be 1 or 2, not " + power);
    }
    Term.requireFinite("multiMargin", "margin", margin);
    this.power = power;
    this.margin = margin;
    this.classWeights = classWeights;
  }

  /**
   * {@return the same with weights of classes} The mean is divided by the number of samples
   * nonetheless, as in PyTorch.
   *
   * @param weights how much samples of each class count, {@code [c]}, of the predictions' type
   */
  public MultiMargin withClassWeights(Tensor weights) {
    return new MultiMargin(power, margin, weights);
  }

  @Override
  public String name() {
    return "multiMargin";
  }

  @Override
  public Config config() {
    LossTypes.requireNoWeights(this, classWeights);
    return Config.of("MultiMargin").with("power", power).with("margin", margin);
  }

  @Override
  public TargetKind targets() {
    return TargetKind.CLASSES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    if (predictions.shape().rank() != 2) {
      throw new ShapeException(name() + ": predictions must be [n, c], not " + predictions.shape());
    }
    Labels labels = Labels.of(name(), predictions, targets, OptionalLong.empty(), classWeights);
    double share = 1.0 / predictions.shape().dim(1);
    Tensor right = labels.pick(predictions).expandDims(1);
    Tensor rows =
        Tensor.mapSum(
            power == 1 ? LINEAR : SQUARED,
            new double[] {margin, share},
            new int[] {1},
            false,
            predictions,
            right);
    // The label's own class is one of the sum: it misses the margin by just that.
    double own = Math.pow(Math.max(margin, 0), power) * share;
    return reduction.of(labels.weigh(rows.sub(own)));
  }

  /** {@return the share of samples whose largest prediction is that of their class} */
  @Override
  public Metric accuracy(String name) {
    return new SparseCategoricalAccuracy(name);
  }
}
