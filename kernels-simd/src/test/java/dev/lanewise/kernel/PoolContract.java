package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Poolings and their gradients: ties, NaN, padding, overlapping windows, windows of any sizes. */
public interface PoolContract extends BackendUnderTest {

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void maxPoolFindsTheFirstLargestOfEachWindow(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll boolean ties,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    PoolSpec spec = Geometry.pool(dice, spatial);
    Values values = ties ? Values.TIES : Values.ANYTHING;
    Placed x = Placed.of(dice, dtype, spec.input(), in, values);
    Placed y = Placed.of(dice, dtype, spec.output(), out.writable());
    Placed places = Placed.of(dice, DType.I32, spec.output(), out.writable());
    Placed expected = y.twin();
    Placed expectedPlaces = places.twin();
    Placed.REFERENCE.maxPool(spec, x.array(), expected.array(), expectedPlaces.array());
    Placed actual = y.on(backend());
    Placed actualPlaces = places.on(backend());
    Placed given = x.on(backend());
    String what =
        "maxPool, " + Geometry.text(spec) + ", of " + x + " to " + Judge.layouts(y, places);
    Judge.run(
        () -> what,
        () -> backend().maxPool(spec, given.array(), actual.array(), actualPlaces.array()));
    Judge.same(() -> what + ", indices", expectedPlaces, actualPlaces);
    Judge.same(() -> what, expected, actual);
    given.assertUnchanged(what);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void theGradientGoesToWhereTheLargestWas(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    PoolSpec spec = Geometry.pool(dice, spatial);
    Placed x = Placed.of(dice, dtype, spec.input(), Placement.DENSE, Values.TIES);
    Placed y = Placed.of(dice, dtype, spec.output(), Placement.DENSE);
    Placed places = Placed.of(dice, DType.I32, spec.output(), in.writable());
    Placed.REFERENCE.maxPool(spec, x.array(), y.array(), places.array());
    Placed found = places.twin();
    Placed grad = Placed.of(dice, dtype, spec.output(), in, Values.ORDINARY);
    Placed xGrad = Placed.of(dice, dtype, spec.input(), out.writable());

    Placed actual = xGrad.on(backend());
    Placed givenGrad = grad.on(backend());
    Placed givenPlaces = found.on(backend());
    String what =
        "maxPoolBackward, "
            + Geometry.text(spec)
            + ", of "
            + Judge.layouts(grad, found)
            + " to "
            + xGrad;
    Judge.run(
        () -> what,
        () ->
            backend()
                .maxPoolBackward(spec, givenGrad.array(), givenPlaces.array(), actual.array()));

    // A scatter, written down once more: the planes of n and c one after the other.
    double[] sums = new double[(int) spec.input().size()];
    double[] sizes = new double[sums.length];
    double[] grads = grad.numbers();
    long[] indices = found.integers();
    int plane = sums.length / Math.max(1, spec.input().dim(0) * spec.input().dim(1));
    int window = grads.length / Math.max(1, spec.output().dim(0) * spec.output().dim(1));
    for (int i = 0; i < grads.length; i++) {
      int at = i / window * plane + (int) indices[i];
      sums[at] += grads[i];
      sizes[at] += Math.abs(grads[i]);
    }
    Placed expected = xGrad.twin().filled(Arrays.stream(sums).iterator()::nextDouble);
    // An element lies in no more windows than there are.
    Judge.within(
        () -> what, expected, actual, Judge.scaled(sizes, (window + 1) * Judge.epsilon(dtype), 0));
    givenGrad.assertUnchanged(what);
    givenPlaces.assertUnchanged(what);
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void avgPoolIsTheMeanOfEachWindow(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll boolean countPadding,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    PoolSpec spec = Geometry.pool(dice, spatial);
    Placed x = Placed.of(dice, dtype, spec.input(), in, Values.ORDINARY);
    Placed y = Placed.of(dice, dtype, spec.output(), out.writable());
    Placed expected = y.twin();
    Placed.REFERENCE.avgPool(spec, countPadding, x.array(), expected.array());
    Placed sizes = y.twin();
    Placed.REFERENCE.avgPool(spec, countPadding, x.sizes().array(), sizes.array());
    Placed actual = y.on(backend());
    Placed given = x.on(backend());
    String what = "avgPool, padding counts: " + countPadding + ", " + Geometry.text(spec);
    Judge.run(
        () -> what, () -> backend().avgPool(spec, countPadding, given.array(), actual.array()));
    // One rounding for each sum, one for the division and one for the result of either side.
    double c = (mostTaps(spec) + 3) * Judge.epsilon(dtype);
    Judge.within(() -> what, expected, actual, Judge.scaled(sizes.numbers(), c, 0));
    given.assertUnchanged(what);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void theGradientOfAMeanIsSpreadEvenly(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll boolean countPadding,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    PoolSpec spec = Geometry.pool(dice, spatial);
    Placed grad = Placed.of(dice, dtype, spec.output(), in, Values.ORDINARY);
    Placed xGrad = Placed.of(dice, dtype, spec.input(), out.writable());
    Placed expected = xGrad.twin();
    Placed.REFERENCE.avgPoolBackward(spec, countPadding, grad.array(), expected.array());
    Placed sizes = xGrad.twin();
    Placed.REFERENCE.avgPoolBackward(spec, countPadding, grad.sizes().array(), sizes.array());
    Placed actual = xGrad.on(backend());
    Placed given = grad.on(backend());
    String what = "avgPoolBackward, padding counts: " + countPadding + ", " + Geometry.text(spec);
    Judge.run(
        () -> what,
        () -> backend().avgPoolBackward(spec, countPadding, given.array(), actual.array()));
    // An element lies in no more windows than there are.
    long windows = spec.output().size() / Math.max(1, spec.output().dim(0) * spec.output().dim(1));
    double c = (windows + 3) * Judge.epsilon(dtype);
    Judge.within(() -> what, expected, actual, Judge.scaled(sizes.numbers(), c, 0));
    given.assertUnchanged(what);
  }

  /** Rows longer and shorter than vectors, whose last windows end where the memory does. */
  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  default void maxPoolOfLongRows(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 3) int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    int padding = dice.between(0, kernel / 2);
    Window window = Window.of(kernel, kernel).withStride(stride, stride);
    PoolSpec spec =
        PoolSpec.of(
            Shape.of(2, 2, dice.between(kernel, 6), width + kernel),
            window.withPadding(padding, padding),
            dice.oneIn(2));
    Placed x = Placed.of(dice, dtype, spec.input(), Placement.DENSE, Values.TIES);
    Placed y = Placed.of(dice, dtype, spec.output(), Placement.OFFSET);
    Placed places = Placed.of(dice, DType.I32, spec.output(), Placement.OFFSET);
    Placed expected = y.twin();
    Placed expectedPlaces = places.twin();
    Placed.REFERENCE.maxPool(spec, x.array(), expected.array(), expectedPlaces.array());
    Placed actual = y.on(backend());
    Placed actualPlaces = places.on(backend());
    String what = "maxPool, " + Geometry.text(spec) + " in " + dtype;
    NdArray given = x.on(backend()).array();
    Judge.run(
        () -> what, () -> backend().maxPool(spec, given, actual.array(), actualPlaces.array()));
    Judge.same(() -> what + ", indices", expectedPlaces, actualPlaces);
    Judge.same(() -> what, expected, actual);
  }

  private static long mostTaps(PoolSpec spec) {
    long most = 1;
    for (int axis = 0; axis < spec.spatialRank(); axis++) {
      int longest = 0;
      for (int o = 0; o < spec.output().dim(axis + 2); o++) {
        longest = Math.max(longest, spec.taps(axis, o));
      }
      most *= longest;
    }
    return most;
  }
}
