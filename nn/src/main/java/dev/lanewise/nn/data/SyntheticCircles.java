package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import dev.lanewise.nn.internal.Checks;

/**
 * Points of a circle and of a smaller one inside it: a set of two classes that no straight line
 * parts. The numbers are those of scikit-learn's {@code make_circles} for the same seed and
 * settings, up to rounding.
 *
 * <p>Both circles are around (0, 0). Class 0 lies on the outer one, of radius 1, class 1 on the
 * inner one.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var circles = SyntheticCircles.of(200).withFactor(0.5).withNoise(0.05).draw(0);
 *   IO.println(circles); // [200, 2], 2 classes
 * }
 * }
 */
public final class SyntheticCircles {
  private final int samples;
  private final double factor;
  private final double noise;

  private SyntheticCircles(int samples, double factor, double noise) {
    this.samples = samples;
    this.factor = factor;
    this.noise = noise;
  }

  /**
   * {@return the settings for points without noise, the inner circle of radius 0.8}
   *
   * @param samples how many, at least 2; half of them, rounded down, are of class 0
   * @throws IllegalArgumentException if they are too few, or too many for one array
   */
  public static SyntheticCircles of(int samples) {
    return new SyntheticCircles(Points.samples("SyntheticCircles", samples, 2, 2), 0.8, 0);
  }

  /**
   * {@return these settings with an inner circle of another size}
   *
   * @param factor its radius, from 0 up to, not including, 1
   * @throws IllegalArgumentException if it is out of range
   */
  public SyntheticCircles withFactor(double factor) {
    if (!(factor >= 0 && factor < 1)) {
      throw new IllegalArgumentException(
          "SyntheticCircles: the inner radius must be at least 0 and below 1, not " + factor);
    }
    return new SyntheticCircles(samples, factor, noise);
  }

  /**
   * {@return these settings with points that are moved by chance}
   *
   * @param deviation the standard deviation of the normal noise, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public SyntheticCircles withNoise(double deviation) {
    return new SyntheticCircles(
        samples,
        factor,
        Checks.notNegative("SyntheticCircles: the deviation of the noise", deviation));
  }

  /**
   * {@return new points {@code [samples, 2]}, in random order; classes are named by their numbers}
   *
   * @param seed from 0 to 2³² − 1
   * @throws IllegalArgumentException if the seed is out of range
   */
  public LabeledDataset draw(long seed) {
    return Points.ofCurves(
        new NumpyRandom(seed),
        circle(samples / 2, 1),
        circle(samples - samples / 2, factor),
        noise);
  }

  private static double[][] circle(int count, double radius) {
    double[][] points = new double[count][];
    for (int i = 0; i < count; i++) {
      double angle = 2 * Math.PI * i / count;
      points[i] = new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
    }
    return points;
  }
}
