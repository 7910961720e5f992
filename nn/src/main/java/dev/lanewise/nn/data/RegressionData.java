package dev.lanewise.nn.data;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;

/**
 * Samples with numbers to predict, and the linear rule by which they were made: {@code y = x ·
 * coefficients + bias}, but for the noise.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var data = SyntheticLine.of(2, 0.9).withPoints(120, 0, 3).withNoise(0.5).draw(13);
 *   Examples examples = Examples.of(data.x(), data.y());
 *   IO.println(examples); // 120 examples: samples [1], targets [1]
 * }
 * }
 *
 * @param x the samples, f32 {@code [n, features]}
 * @param y what belongs to them, f32 {@code [n, targets]}
 * @param coefficients what one more of a feature adds to a target, f32 {@code [features, targets]}
 * @param bias what every target has where all features are 0
 */
public record RegressionData(Tensor x, Tensor y, Tensor coefficients, double bias) {

  /**
   * Joins the parts.
   *
   * @throws ShapeException if their shapes do not fit each other
   */
  public RegressionData {
    int[] dims = {x.shape().rank(), y.shape().rank(), coefficients.shape().rank()};
    if (!Arrays.equals(dims, new int[] {2, 2, 2})
        || x.shape().dim(0) != y.shape().dim(0)
        || x.shape().dim(1) != coefficients.shape().dim(0)
        || y.shape().dim(1) != coefficients.shape().dim(1)) {
      throw new ShapeException(
          ("RegressionData: x must be [n, features], y [n, targets] and the coefficients"
                  + " [features, targets], not %s, %s and %s")
              .formatted(x.shape(), y.shape(), coefficients.shape()));
    }
  }

  /** {@return the number of samples} */
  public int size() {
    return x.shape().dim(0);
  }

  /** {@return the shapes, such as {@code [100, 2] -> [100, 1]}} */
  @Override
  public String toString() {
    return x.shape() + " -> " + y.shape();
  }
}
