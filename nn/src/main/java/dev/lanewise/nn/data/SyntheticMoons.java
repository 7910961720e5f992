package dev.lanewise.nn.data;

import dev.lanewise.autodiff.NumpyRandom;
import dev.lanewise.nn.internal.Checks;

/**
 * Points of two half circles that reach into each other: a set of two classes that no straight line
 * parts. The numbers are those of scikit-learn's {@code make_moons} for the same seed and settings,
 * up to rounding.
 *
 * <p>Class 0 lies on the upper half of the circle around (0, 0), class 1 on the lower half of that
 * around (1, 0.5); both have the radius 1.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var moons = SyntheticMoons.of(200).withNoise(0.1).draw(0);
 *   IO.println(moons); // [200, 2], 2 classes
 * }
 * }
 */
public final class SyntheticMoons {
  private final int samples;
  private final double noise;

  private SyntheticMoons(int samples, double noise) {
    this.samples = samples;
    this.noise = noise;
  }

  /**
   * {@return the settings for points without noise}
   *
   * @param samples how many, at least 2; half of them, rounded down, are of class 0
   * @throws IllegalArgumentException if they are too few, or too many for one array
   */
  public static SyntheticMoons of(int samples) {
    return new SyntheticMoons(Points.samples("SyntheticMoons", samples, 2, 2), 0);
  }

  /**
   * {@return these settings with points that are moved by chance}
   *
   * @param deviation the standard deviation of the normal noise, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public SyntheticMoons withNoise(double deviation) {
    return new SyntheticMoons(
        samples, Checks.notNegative("SyntheticMoons: the deviation of the noise", deviation));
  }

  /**
   * {@return new points {@code [samples, 2]}, in random order; classes are named by their numbers}
   *
   * @param seed from 0 to 2³² − 1
   * @throws IllegalArgumentException if the seed is out of range
   */
  public LabeledDataset draw(long seed) {
    double[][] upper = new double[samples / 2][];
    double[][] lower = new double[samples - upper.length][];
    for (int i = 0; i < upper.length; i++) {
      double angle = angle(i, upper.length);
      upper[i] = new double[] {StrictMath.cos(angle), StrictMath.sin(angle)};
    }
    for (int i = 0; i < lower.length; i++) {
      double angle = angle(i, lower.length);
      lower[i] = new double[] {1 - StrictMath.cos(angle), 0.5 - StrictMath.sin(angle)};
    }
    return Points.ofCurves(new NumpyRandom(seed), upper, lower, noise);
  }

  /** {@return one of {@code count} angles from 0 to π, both included} */
  private static double angle(int i, int count) {
    return i == 0 ? 0 : Math.PI * i / (count - 1);
  }
}
