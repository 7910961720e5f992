package dev.lanewise.nn.data;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Samples;

/**
 * A way to bring features to one scale, by numbers that are taken from the training data alone: a
 * gradient step suits all weights only if no feature is a thousand times another.
 *
 * <p>What is scaled together depends on the shape of a sample:
 *
 * <ul>
 *   <li>{@code [columns]}: each column of a table by itself;
 *   <li>{@code [channels, h, w]}, and more axes: each channel by itself, over all its pixels;
 *   <li>{@code [h, w]}, and a single number: all of it together.
 * </ul>
 *
 * <p>{@link LabeledDataset#flatten} makes columns of pixels, where each shall be scaled by itself.
 *
 * <p>As in scikit-learn, NaN stands for a missing number: it does not count in {@code fit}, and
 * stays NaN; and a feature that is the same in all samples is moved, and not divided: it becomes
 * the lowest number of the new range, or 0.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   float[][] train = {{1, 100}, {2, 300}, {3, 200}};
 *   FittedScaler fitted = new MinMaxScaler().fit(train);
 *   IO.println(Tensor.of(fitted.transform(train))); // 0 to 1 in each column
 *   float[][] later = {{2, 400}};
 *   IO.println(Tensor.of(fitted.transform(later))); // 0.5 and 1.5: by the numbers of train
 * }
 * }
 */
public sealed interface Scaler permits MinMaxScaler, StandardScaler {

  /**
   * {@return the scaler that fits these samples}
   *
   * @param train the samples to learn from, without those kept aside
   * @throws IllegalArgumentException if a feature has an infinite number, only NaN, or numbers too
   *     far apart for f64
   */
  default FittedScaler fit(LabeledDataset train) {
    float[] features = train.features();
    return FeatureStatistics.of(train.sampleShape(), features.length, i -> features[i]).fit(this);
  }

  /**
   * {@return the scaler that fits these rows}
   *
   * @param train {@code [n][columns]}
   * @throws ShapeException if there is no row, or a row is of another length than the first
   * @throws IllegalArgumentException if a column has an infinite number, only NaN, or numbers too
   *     far apart for f64
   */
  default FittedScaler fit(float[][] train) {
    return fit(Tensor.of(train));
  }

  /**
   * {@return the scaler that fits these samples}
   *
   * @param train {@code [n, …]}, f32 or f64
   * @throws ShapeException if there is no sample, or a sample has no number
   * @throws DTypeException if it is of another type
   * @throws IllegalArgumentException if a feature has an infinite number, only NaN, or numbers too
   *     far apart for f64
   */
  default FittedScaler fit(Tensor train) {
    Shape shape = train.shape();
    if (shape.rank() == 0 || shape.size() == 0) {
      throw new ShapeException("fit: there must be at least one sample, [n, …], not " + shape);
    }
    FittedScaler.requireCompute("fit", train);
    double[] values = train.toDoubleArray();
    int[] sampleShape = Samples.sampleOf(shape).dims();
    return FeatureStatistics.of(sampleShape, values.length, i -> values[i]).fit(this);
  }
}
