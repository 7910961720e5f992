package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Backend#sort}: in order, the first of equals first, whole lines and their first few. */
public interface SortContract extends BackendUnderTest {

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void linesAreSortedAndEqualElementsStayInOrder(
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll ArgMaxContract.Filling filling,
      @ForAll boolean descending,
      @ForAll boolean all,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    int extent = shape.dim(axis);
    int wanted = all ? extent : dice.between(0, Math.min(extent, 20));
    judge(dice, dtype, shape, axis, wanted, filling, descending, in, out);
  }

  @Example
  default void longLines() {
    Dice dice = new Dice(31);
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32, DType.I64}) {
      for (ArgMaxContract.Filling filling : ArgMaxContract.Filling.values()) {
        for (int wanted : new int[] {7, 1500, 9_011}) {
          boolean descending = dice.oneIn(2);
          Shape shape = Shape.of(9_011);
          judge(
              dice, dtype, shape, 0, wanted, filling, descending, Placement.DENSE, Placement.DENSE);
        }
      }
    }
  }

  private void judge(
      Dice dice,
      DType dtype,
      Shape shape,
      int axis,
      int wanted,
      ArgMaxContract.Filling filling,
      boolean descending,
      Placement in,
      Placement out) {
    Placed x = filling.fill(dice, Placed.of(dice, dtype, shape, in));
    int[] dims = shape.dims();
    dims[shape.axis("test", axis)] = wanted;
    Placed values = Placed.of(dice, dtype, Shape.of(dims), out.writable());
    Placed indices = Placed.of(dice, DType.I64, Shape.of(dims), in.writable());
    Placed expected = values.twin();
    Placed places = indices.twin();
    Placed.REFERENCE.sort(x.array(), axis, descending, expected.array(), places.array());
    Placed given = x.on(backend());
    Placed actual = values.on(backend());
    Placed found = indices.on(backend());
    String way = descending ? " descending" : " ascending";
    String what = "sort" + way + " along axis " + axis + " of " + x + " to " + values;
    Judge.run(
        () -> what,
        () -> backend().sort(given.array(), axis, descending, actual.array(), found.array()));
    Judge.same(() -> what, expected, actual);
    if (!Arrays.equals(expected.integers(), actual.integers())) {
      throw new AssertionError(what + ": the values differ below the precision of a double");
    }
    long[] e = places.integers();
    long[] a = found.integers();
    int wrong = Arrays.mismatch(e, a);
    if (wrong >= 0) {
      Judge.fail(() -> what, places, found, wrong, e[wrong], a[wrong], "must be equal");
    }
    found.assertNothingAroundTouched(what);
    given.assertUnchanged(what);
  }
}
