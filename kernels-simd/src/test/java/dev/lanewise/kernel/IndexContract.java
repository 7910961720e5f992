package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link Backend#gather} and {@link Backend#scatterAdd}, with indices that come more than once. */
public interface IndexContract extends BackendUnderTest {

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void gatherPicksExactly(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll @IntRange(max = 40) int picks,
      @ForAll boolean wide,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    Shape picked = picked(shape, axis, picks);
    Placed x = Placed.of(dice, dtype, shape, in, Values.ANYTHING);
    Placed indices = indices(dice, wide, picked, in, shape.dim(axis));
    Placed y = Placed.of(dice, dtype, picked, out.writable());
    Placed expected = y.twin();
    Placed.REFERENCE.gather(x.array(), axis, indices.array(), expected.array());
    Placed actual = y.on(backend());
    Placed given = x.on(backend());
    Placed where = indices.on(backend());
    String what = "gather along axis " + axis + " of " + x + " at " + indices + " to " + y;
    Judge.run(
        () -> what, () -> backend().gather(given.array(), axis, where.array(), actual.array()));
    Judge.same(() -> what, expected, actual);
    given.assertUnchanged(what);
    where.assertUnchanged(what);
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void scatterAddAddsEveryOne(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll @IntRange(max = 40) int picks,
      @ForAll boolean wide,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    Shape picked = picked(shape, axis, picks);
    Placed x = Placed.of(dice, dtype, picked, in, Values.ORDINARY);
    Placed indices = indices(dice, wide, picked, in, shape.dim(axis));
    Placed table = Placed.of(dice, dtype, shape, out.writable(), Values.ORDINARY);
    Placed expected = table.twin();
    Placed.REFERENCE.scatterAdd(x.array(), axis, indices.array(), expected.array());
    Placed sizes = table.sizes();
    Placed.REFERENCE.scatterAdd(x.sizes().array(), axis, indices.array(), sizes.array());
    Placed actual = table.on(backend());
    Placed given = x.on(backend());
    Placed where = indices.on(backend());
    String what = "scatterAdd along axis " + axis + " to " + table + " at " + indices + " of " + x;
    Judge.run(
        () -> what, () -> backend().scatterAdd(given.array(), axis, where.array(), actual.array()));
    // At most all picks meet in one number, with one rounding each.
    double c = (picks + 1) * Judge.epsilon(dtype);
    Judge.within(() -> what, expected, actual, Judge.scaled(sizes.numbers(), c, 0));
    given.assertUnchanged(what);
    where.assertUnchanged(what);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  default void anIndexOutOfRangeIsRefusedAndNothingIsWritten(
      @ForAll boolean gather,
      @ForAll boolean wide,
      @ForAll @IntRange(min = 1, max = 30) int extent,
      @ForAll @IntRange(min = 1, max = 30) int picks,
      @ForAll Placement placement,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Shape tableShape = Shape.of(extent, 3);
    Shape picked = Shape.of(picks, 3);
    Placed indices = indices(dice, wide, picked, Placement.DENSE, extent);
    int bad = dice.oneIn(2) ? extent + dice.between(0, 1000) : -1 - dice.between(0, 1000);
    indices.array().set(bad, dice.between(0, picks - 1), dice.between(0, 2));
    Placed where = indices.twin().on(backend());
    Placed table = Placed.of(dice, DType.F32, tableShape, placement.writable(), Values.ORDINARY);
    Placed values = Placed.of(dice, DType.F32, picked, placement.writable(), Values.ORDINARY);
    Placed givenTable = table.on(backend());
    Placed givenValues = values.on(backend());
    if (gather) {
      Refusals.refused(
          "gather",
          () -> backend().gather(givenTable.array(), 0, where.array(), givenValues.array()),
          givenTable,
          givenValues,
          where);
    } else {
      Refusals.refused(
          "scatterAdd",
          () -> backend().scatterAdd(givenValues.array(), 0, where.array(), givenTable.array()),
          givenTable,
          givenValues,
          where);
    }
  }

  private static Shape picked(Shape shape, int axis, int picks) {
    int[] dims = shape.dims();
    int at = shape.axis("test", axis);
    // Nothing can be picked from an empty axis; and large arrays stay below some 20,000 elements.
    dims[at] = shape.dim(at) == 0 ? 0 : shape.size() > 1000 ? Math.min(picks, 3) : picks;
    return Shape.of(dims);
  }

  private static Placed indices(
      Dice dice, boolean wide, Shape shape, Placement placement, int extent) {
    // Few different ones, so that they repeat.
    int most = Math.max(0, dice.oneIn(2) ? extent - 1 : Math.min(2, extent - 1));
    return Placed.of(dice, wide ? DType.I64 : DType.I32, shape, placement)
        .filled(() -> dice.between(0, most));
  }
}
