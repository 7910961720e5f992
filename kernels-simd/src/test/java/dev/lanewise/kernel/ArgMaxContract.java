package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Backend#argMax} and {@link Backend#argMin}: the first of equals, and NaN above all. */
public interface ArgMaxContract extends BackendUnderTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void argMaxFindsTheFirstLargestAndArgMinTheFirstSmallest(
      @ForAll boolean smallest,
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Filling filling,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    Assume.that(shape.dim(axis) > 0);
    Placed x = filling.fill(dice, Placed.of(dice, dtype, shape, in));
    Shape reduced = shape.reduced(shape.axes("test", axis), false);
    Placed places = Placed.of(dice, DType.I64, reduced, out.writable());
    Placed expected = places.twin();
    find(Placed.REFERENCE, smallest, x, axis, expected);
    Placed actual = places.on(backend());
    Placed given = x.on(backend());
    String name = smallest ? "argMin" : "argMax";
    String what = name + " along axis " + axis + " of " + x + " to " + places;
    Judge.run(() -> what, () -> find(backend(), smallest, given, axis, actual));
    long[] e = expected.integers();
    long[] a = actual.integers();
    int wrong = Arrays.mismatch(e, a);
    if (wrong >= 0) {
      Judge.fail(() -> what, expected, actual, wrong, e[wrong], a[wrong], "must be equal");
    }
    actual.assertNothingAroundTouched(what);
    given.assertUnchanged(what);
  }

  private static void find(Backend backend, boolean smallest, Placed x, int axis, Placed out) {
    if (smallest) {
      backend.argMin(x.array(), axis, out.array());
    } else {
      backend.argMax(x.array(), axis, out.array());
    }
  }

  /** What is compared. */
  enum Filling {
    /** Few different numbers, NaN and both zeros among them. */
    TIES,
    /** All kinds of numbers. */
    ANYTHING,
    /** Any bits at all: all integers. */
    NOISE;

    Placed fill(Dice dice, Placed array) {
      DType wide = array.dtype() == DType.F64 ? DType.F64 : DType.F32;
      return switch (this) {
        case TIES -> array.filled(() -> Values.TIES.next(dice, wide));
        case ANYTHING -> array.filled(() -> Values.ANYTHING.next(dice, wide));
        case NOISE -> array;
      };
    }
  }
}
