package dev.lanewise.nn.layer;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.internal.Samples;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Brings each feature of the input to mean 0 and variance 1, as it was found in data: {@code (x −
 * mean) / √variance}. Keras calls it {@code Normalization}. Mean and variance are weights, which
 * training does not change; they are 0 and 1 until {@link #adapt} is called.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor x = Tensor.of(new float[] {1, 1000, 2, 3000, 3, 2000}, 3, 2);
 *   var normal = new FeatureNormalization();
 *   normal.adapt(x);
 *   var model = Sequential.of(normal, new Dense(1)).build(2);
 *   IO.println(model.predict(x).shape()); // [3, 1]
 * }
 * }
 */
public final class FeatureNormalization extends Layer {
  /** The least divisor, Keras's: a feature that does not vary becomes 0. */
  private static final double LEAST = 1e-7;

  private static final Expr NORMAL =
      Expr.arg(0).sub(Expr.arg(1)).div(Expr.arg(2).sqrt().max(Expr.constant(LEAST)));

  private final int axis;
  private double[] means = {};
  private double[] variances = {};
  private Tensor mean;
  private Tensor variance;

  /** Makes a layer whose features are the indices of the last axis. */
  public FeatureNormalization() {
    this(-1);
  }

  /**
   * Makes a layer.
   *
   * @param axis whose indices are the features, counted as in the batch, {@code [n, …]}: 1 for the
   *     channels of images; negative counts from the last
   */
  public FeatureNormalization(int axis) {
    this.axis = axis;
  }

  /**
   * Finds mean and variance of each feature; what was found before does not count any more. It can
   * be called before the layer has its weights, and after.
   *
   * @param data the samples, {@code [n, …]}
   * @throws ShapeException if there are none, or they are no samples of this layer
   */
  public void adapt(Tensor data) {
    Shape shape = data.shape();
    if (shape.size() == 0 || shape.rank() < 2) {
      throw new ShapeException(
          "%s: adapt: data must be at least one sample with features, [n, ...], not %s"
              .formatted(describe(), shape));
    }
    Shape sample = Samples.sampleOf(shape);
    if (isBuilt()) {
      outputShape(sample);
    }
    int at = SampleAxis.of(describe(), axis, sample);
    int[] others = IntStream.range(0, shape.rank()).filter(i -> i != at).toArray();
    try (Scope _ = Scope.open("adapt");
        Grad _ = Grad.off()) {
      Tensor numbers = data.cast(DType.F64);
      means = numbers.mean(others).toDoubleArray();
      variances = numbers.variance(others).toDoubleArray();
    }
    if (isBuilt()) {
      write(means, mean.data());
      write(variances, variance.data());
      mean.changed("adapt");
      variance.changed("adapt");
    }
  }

  private static void write(double[] values, NdArray weight) {
    Backends.of(weight).copy(NdArray.of(weight.device(), values, values.length), weight);
  }

  private static Initializer found(double[] values, double otherwise) {
    return values.length == 0
        ? Initializer.constant(otherwise)
        : (weight, _, _) -> write(values, weight);
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has no such axis, or other features than were found
   */
  @Override
  public Shape outputShape(Shape input) {
    int features = input.dim(SampleAxis.of(describe(), axis, input) - 1);
    int known = isBuilt() ? mean.shape().dim(0) : means.length;
    if (known != 0 && features != known) {
      throw new ShapeException(
          "%s: input must have %d features, not %d (input %s)"
              .formatted(describe(), known, features, batchOf(input)));
    }
    return input;
  }

  @Override
  protected void createWeights(Shape input) {
    Shape features = Shape.of(input.dim(SampleAxis.of(describe(), axis, input) - 1));
    Fans fans = new Fans(1, 1);
    mean = addWeight(WeightSpec.of("mean", features, found(means, 0), fans).trainable(false));
    variance =
        addWeight(WeightSpec.of("variance", features, found(variances, 1), fans).trainable(false));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    int rank = x.shape().rank();
    int[] view = new int[rank];
    Arrays.fill(view, 1);
    view[axis < 0 ? axis + rank : axis] = mean.shape().dim(0);
    return Tensor.map(NORMAL, new double[0], x, mean.reshape(view), variance.reshape(view));
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedOperationException if {@link #adapt} was called and the layer is not built:
   *     what was found is saved with the weights
   */
  @Override
  public Config config() {
    if (!isBuilt() && means.length > 0) {
      throw new UnsupportedOperationException(
          describe() + ": what adapt has found is saved with the weights; build the model first");
    }
    return Config.of(type()).with("axis", axis);
  }

  static FeatureNormalization of(Config config) {
    return new FeatureNormalization(config.integer("axis"));
  }
}
