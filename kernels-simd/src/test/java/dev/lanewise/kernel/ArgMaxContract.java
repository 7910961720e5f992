package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Backend#argMax}: the first of equals, and NaN above all. */
public interface ArgMaxContract extends BackendUnderTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void argMaxFindsTheFirstLargest(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll boolean ties,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    Assume.that(shape.dim(axis) > 0);
    Placed x = Placed.of(dice, dtype, shape, in, ties ? Values.TIES : Values.ANYTHING);
    Shape reduced = shape.reduced(shape.axes("test", axis), false);
    Placed places = Placed.of(dice, DType.I64, reduced, out.writable());
    Placed expected = places.twin();
    Placed.REFERENCE.argMax(x.array(), axis, expected.array());
    Placed actual = places.on(backend());
    Placed given = x.on(backend());
    String what = "argMax along axis " + axis + " of " + x + " to " + places;
    Judge.run(() -> what, () -> backend().argMax(given.array(), axis, actual.array()));
    long[] e = expected.integers();
    long[] a = actual.integers();
    int wrong = Arrays.mismatch(e, a);
    if (wrong >= 0) {
      Judge.fail(() -> what, expected, actual, wrong, e[wrong], a[wrong], "must be equal");
    }
    actual.assertNothingAroundTouched(what);
    given.assertUnchanged(what);
  }
}
