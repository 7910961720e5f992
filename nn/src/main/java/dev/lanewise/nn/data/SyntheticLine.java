package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Checks;

/**
 * Points along a line {@code y = slope · x + intercept}, with noise: the first data set of many
 * lessons. They are what NumPy gives for {@code x = linspace(from, to, n)} and {@code y = slope * x
 * + intercept + noise * randn(n)} after {@code random.seed(s)}, up to rounding.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var data = SyntheticLine.of(2, 0.9).withPoints(120, 0, 3).withNoise(0.5).draw(13);
 *   IO.println(data); // [120, 1] -> [120, 1]
 * }
 * }
 */
public final class SyntheticLine {
  private final double slope;
  private final double intercept;
  private final int samples;
  private final double from;
  private final double to;
  private final double noise;

  private SyntheticLine(
      double slope, double intercept, int samples, double from, double to, double noise) {
    this.slope = slope;
    this.intercept = intercept;
    this.samples = samples;
    this.from = from;
    this.to = to;
    this.noise = noise;
  }

  /**
   * {@return the settings for 100 points with x from 0 to 1, without noise}
   *
   * @param slope what one more of x adds to y
   * @param intercept y where x is 0
   * @throws IllegalArgumentException if a number is not finite
   */
  public static SyntheticLine of(double slope, double intercept) {
    requireFinite("slope and intercept", slope, intercept);
    return new SyntheticLine(slope, intercept, 100, 0, 1, 0);
  }

  /**
   * {@return these settings with other points}
   *
   * @param samples how many, at least 1
   * @param from the first x
   * @param to the last x, where there is more than one; the others lie evenly between
   * @throws IllegalArgumentException if there is no point, or a bound is not finite
   */
  public SyntheticLine withPoints(int samples, double from, double to) {
    requireFinite("bounds", from, to);
    return new SyntheticLine(
        slope, intercept, Points.samples("SyntheticLine", samples, 1, 1), from, to, noise);
  }

  /**
   * {@return these settings with another noise of y}
   *
   * @param deviation its standard deviation, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public SyntheticLine withNoise(double deviation) {
    Checks.notNegative("SyntheticLine: the deviation of the noise", deviation);
    return new SyntheticLine(slope, intercept, samples, from, to, deviation);
  }

  private static void requireFinite(String what, double a, double b) {
    if (!Double.isFinite(a) || !Double.isFinite(b)) {
      throw new IllegalArgumentException(
          "SyntheticLine: %s must be finite numbers, not %s and %s".formatted(what, a, b));
    }
  }

  /**
   * {@return the points in the order of x, as {@code [samples, 1]} each}
   *
   * @param seed from 0 to 2³² − 1
   * @throws IllegalArgumentException if the seed is out of range
   */
  public RegressionData draw(long seed) {
    NumpyRandom random = new NumpyRandom(seed);
    float[] x = new float[samples];
    float[] y = new float[samples];
    for (int i = 0; i < samples; i++) {
      double share = i == 0 ? 0 : (double) i / (samples - 1);
      double at = from * (1 - share) + to * share;
      x[i] = (float) at;
      y[i] = (float) (slope * at + intercept + noise * random.nextGaussian());
    }
    return new RegressionData(
        Tensor.of(x, samples, 1),
        Tensor.of(y, samples, 1),
        Tensor.of(new float[] {(float) slope}, 1, 1),
        intercept);
  }
}
