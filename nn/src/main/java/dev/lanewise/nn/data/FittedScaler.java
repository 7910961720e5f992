package dev.lanewise.nn.data;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Samples;
import java.util.Arrays;

/**
 * What {@link Scaler#fit} has learned: the numbers by which these samples, and all later ones, are
 * scaled. Immutable. All is computed in double and then rounded to the type of what is scaled.
 *
 * <p>Samples must have as many axes as those it was fitted to, and as many columns or channels;
 * images may be of another size.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var iris = Iris.load();
 *   FittedScaler fitted = new StandardScaler().fit(iris);
 *   Tensor scaled = fitted.transform(iris.x());
 *   Tensor again = fitted.inverseTransform(scaled); // iris.x(), but for rounding
 *   IO.println(again.shape()); // [150, 4]
 * }
 * }
 */
public final class FittedScaler {
  private final int[] sampleShape;
  private final double[] centers;
  private final double[] spreads;

  /** What a distance of one spread becomes. */
  private final double gain;

  /** What the center becomes. */
  private final double shift;

  FittedScaler(int[] sampleShape, double[] centers, double[] spreads, double gain, double shift) {
    this.sampleShape = sampleShape;
    this.centers = centers;
    this.spreads = spreads;
    this.gain = gain;
    this.shift = shift;
  }

  /** {@return the smallest number, or the mean, of each feature, as a copy} */
  public double[] centers() {
    return centers.clone();
  }

  /**
   * {@return the distance between the smallest and the largest number, or the standard deviation,
   * of each feature, as a copy; 1 for a feature that is always the same}
   */
  public double[] spreads() {
    return spreads.clone();
  }

  /**
   * {@return the same samples, scaled, as a new data set}
   *
   * @param data the samples
   * @throws ShapeException if a sample has another number of axes, columns or channels
   */
  public LabeledDataset transform(LabeledDataset data) {
    return changed("transform", data, this::forward);
  }

  /**
   * {@return the same samples before scaling, as a new data set}
   *
   * @param data scaled samples
   * @throws ShapeException if a sample has another number of axes, columns or channels
   */
  public LabeledDataset inverseTransform(LabeledDataset data) {
    return changed("inverseTransform", data, this::backward);
  }

  /**
   * {@return the rows, scaled, as new arrays}
   *
   * @param rows {@code [n][columns]}; none gives none
   * @throws ShapeException if a row has another number of columns
   */
  public float[][] transform(float[][] rows) {
    return changed("transform", rows, this::forward);
  }

  /**
   * {@return the rows before scaling, as new arrays}
   *
   * @param rows scaled rows {@code [n][columns]}; none gives none
   * @throws ShapeException if a row has another number of columns
   */
  public float[][] inverseTransform(float[][] rows) {
    return changed("inverseTransform", rows, this::backward);
  }

  /**
   * {@return the samples, scaled} Gradients flow.
   *
   * @param x {@code [n, …]}, f32 or f64
   * @throws ShapeException if a sample has another number of axes, columns or channels
   * @throws DTypeException if it is of another type
   */
  public Tensor transform(Tensor x) {
    require("transform", x);
    Tensor scaled = x.cast(DType.F64).sub(aligned(centers, x)).div(aligned(spreads, x));
    return scaled.mul(gain).add(shift).cast(x.dtype());
  }

  /**
   * {@return the samples before scaling} Gradients flow.
   *
   * @param x scaled samples {@code [n, …]}, f32 or f64
   * @throws ShapeException if a sample has another number of axes, columns or channels
   * @throws DTypeException if it is of another type
   */
  public Tensor inverseTransform(Tensor x) {
    require("inverseTransform", x);
    Tensor distances = x.cast(DType.F64).sub(shift).div(gain);
    return distances.mul(aligned(spreads, x)).add(aligned(centers, x)).cast(x.dtype());
  }

  /** What becomes of a number of a feature. */
  private interface Step {
    double apply(double value, int feature);
  }

  private double forward(double value, int feature) {
    return (value - centers[feature]) / spreads[feature] * gain + shift;
  }

  private double backward(double value, int feature) {
    return (value - shift) / gain * spreads[feature] + centers[feature];
  }

  private LabeledDataset changed(String what, LabeledDataset data, Step step) {
    require(what, data.sampleShape());
    float[] features = data.features();
    float[] changed = new float[features.length];
    int block = data.sampleLength() / centers.length;
    for (int i = 0; i < changed.length; i++) {
      changed[i] = (float) step.apply(features[i], i / block % centers.length);
    }
    return LabeledDataset.of(changed, data.sampleShape(), data.labels(), data.classNames());
  }

  private float[][] changed(String what, float[][] rows, Step step) {
    for (float[] row : rows) {
      require(what, row.length);
    }
    float[][] changed = new float[rows.length][centers.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < centers.length; j++) {
        changed[i][j] = (float) step.apply(rows[i][j], j);
      }
    }
    return changed;
  }

  private void require(String what, int... sample) {
    if (sample.length != sampleShape.length || FeatureStatistics.groups(sample) != centers.length) {
      throw new ShapeException(
          "%s: the scaler was fitted to samples %s, which these, %s, do not fit"
              .formatted(what, Arrays.toString(sampleShape), Arrays.toString(sample)));
    }
  }

  private void require(String what, Tensor x) {
    if (x.shape().rank() == 0) {
      throw new ShapeException(what + ": samples must be [n, …], not a scalar");
    }
    require(what, Samples.sampleOf(x.shape()).dims());
    requireCompute(what, x);
  }

  static void requireCompute(String what, Tensor x) {
    if (!x.dtype().isCompute()) {
      throw new DTypeException(what + ": features must be f32 or f64, not " + x.dtype());
    }
  }

  /** {@return numbers of the features, shaped to broadcast over {@code [n, sample…]}} */
  private Tensor aligned(double[] numbers, Tensor x) {
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    if (numbers.length > 1) {
      dims[1] = numbers.length;
    }
    return Tensor.of(x.backend(), numbers, dims);
  }

  /** {@return the features it is for and their numbers} */
  @Override
  public String toString() {
    return "FittedScaler(samples %s, centers %s, spreads %s)"
        .formatted(
            Arrays.toString(sampleShape), Arrays.toString(centers), Arrays.toString(spreads));
  }
}
