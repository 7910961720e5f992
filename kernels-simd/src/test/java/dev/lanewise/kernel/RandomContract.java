package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Backend#random}: the reference's bits, in every layout, and that they look random. */
public interface RandomContract extends BackendUnderTest {

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  default void randomNumbersAreTheSameEverywhere(
      @ForAll Distribution distribution,
      @ForAll long seed,
      @ForAll long stream,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement out) {
    Placed x = Placed.of(new Dice(seed ^ stream), dtype, shape, out.writable());
    Placed expected = x.twin();
    Placed.REFERENCE.random(distribution, seed, stream, expected.array());
    Placed actual = x.on(backend());
    String what = "random " + distribution + " of seed " + seed + ", stream " + stream + " to " + x;
    Judge.run(() -> what, () -> backend().random(distribution, seed, stream, actual.array()));
    Judge.same(() -> what, expected, actual);
  }

  @Example
  default void meanAndVarianceAreThoseOfTheDistribution() {
    int n = 50_000;
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      for (Distribution distribution : Distribution.values()) {
        double[] x = sample(distribution, 42, 3, dtype, n);
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / n;
        double trueMean = distribution == Distribution.UNIFORM ? 0.5 : 0;
        double trueVariance = distribution == Distribution.UNIFORM ? 1.0 / 12 : 1;
        double fourth = distribution == Distribution.UNIFORM ? 1.0 / 80 : 3;
        // Five standard errors: a right generator fails once in a million seeds, and this is one.
        double ofMean = 5 * Math.sqrt(trueVariance / n);
        double ofVariance = 5 * Math.sqrt((fourth - trueVariance * trueVariance) / n);
        String what = "random " + distribution + " in " + dtype + ": ";
        near(what + "mean", trueMean, mean, ofMean);
        near(what + "variance", trueVariance, variance, ofVariance);
        for (double v : x) {
          if (distribution == Distribution.UNIFORM && !(v >= 0 && v < 1)) {
            throw new AssertionError(what + v + " is not in [0, 1)");
          }
        }
      }
    }
  }

  @Example
  default void aLongerArrayStartsWithTheShorterOnesNumbers() {
    double[] longer = sample(Distribution.NORMAL, 9, 1, DType.F32, 103);
    double[] shorter = sample(Distribution.NORMAL, 9, 1, DType.F32, 38);
    if (!Arrays.equals(shorter, Arrays.copyOf(longer, 38))) {
      throw new AssertionError("random: the numbers depend on the array's length");
    }
  }

  @Example
  default void seedsAndStreamsDiffer() {
    double[] one = sample(Distribution.UNIFORM, 9, 1, DType.F64, 50);
    for (double[] other :
        new double[][] {
          sample(Distribution.UNIFORM, 10, 1, DType.F64, 50),
          sample(Distribution.UNIFORM, 9, 2, DType.F64, 50),
          sample(Distribution.UNIFORM, 9 + (1L << 32), 1, DType.F64, 50),
          sample(Distribution.UNIFORM, 9, 1 + (1L << 32), DType.F64, 50)
        }) {
      for (int i = 0; i < one.length; i++) {
        if (one[i] == other[i]) {
          throw new AssertionError("random: another seed or stream gave " + one[i] + " again");
        }
      }
    }
  }

  private double[] sample(Distribution distribution, long seed, long stream, DType type, int n) {
    Placed x = Placed.of(new Dice(0), type, Shape.of(n), Placement.DENSE).on(backend());
    backend().random(distribution, seed, stream, x.array());
    return x.numbers();
  }

  private static void near(String what, double expected, double actual, double bound) {
    if (!(Math.abs(expected - actual) <= bound)) {
      throw new AssertionError(
          what + " should be " + expected + " within " + bound + " but is " + actual);
    }
  }
}
