package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link Backend#maxPool} and its gradient: ties, NaN, padding, overlapping windows. */
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
    Shape kernel = Shape.of(spec.window().kernel());
    Judge.within(
        () -> what,
        expected,
        actual,
        Judge.scaled(sizes, (kernel.size() + 1) * Judge.epsilon(dtype), 0));
    givenGrad.assertUnchanged(what);
    givenPlaces.assertUnchanged(what);
  }
}
