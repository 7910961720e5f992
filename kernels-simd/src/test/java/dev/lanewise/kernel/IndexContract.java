package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * {@link Backend#gather} and {@link Backend#scatterAdd}, {@link Backend#indexSelect} and {@link
 * Backend#indexAdd}, with indices that come more than once.
 */
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

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void indexSelectPicksWholeSlices(
      @ForAll DType dtype,
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
    Placed x = Placed.of(dice, dtype, shape, in);
    if (dtype == DType.BOOL) {
      x.filled(() -> dice.between(0, 1));
    }
    Placed indices = indices(dice, wide, Shape.of(picked.dim(axis)), in, shape.dim(axis));
    Placed y = Placed.of(dice, dtype, picked, out.writable());
    Placed expected = y.twin();
    Placed.REFERENCE.indexSelect(x.array(), axis, indices.array(), expected.array());
    Placed actual = y.on(backend());
    Placed given = x.on(backend());
    Placed where = indices.on(backend());
    String what = "indexSelect along axis " + axis + " of " + x + " at " + indices + " to " + y;
    Judge.run(
        () -> what,
        () -> backend().indexSelect(given.array(), axis, where.array(), actual.array()));
    Judge.same(() -> what, expected, actual);
    given.assertUnchanged(what);
    where.assertUnchanged(what);
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void indexAddAddsEverySlice(
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
    Placed indices = indices(dice, wide, Shape.of(picked.dim(axis)), in, shape.dim(axis));
    Placed table = Placed.of(dice, dtype, shape, out.writable(), Values.ORDINARY);
    judgeIndexAdd(x, axis, indices, table);
  }

  private void judgeIndexAdd(Placed x, int axis, Placed indices, Placed table) {
    Placed expected = table.twin();
    Placed.REFERENCE.indexAdd(x.array(), axis, indices.array(), expected.array());
    Placed sizes = table.sizes();
    Placed.REFERENCE.indexAdd(x.sizes().array(), axis, indices.array(), sizes.array());
    Placed actual = table.on(backend());
    Placed given = x.on(backend());
    Placed where = indices.on(backend());
    String what = "indexAdd along axis " + axis + " to " + table + " at " + indices + " of " + x;
    Judge.run(
        () -> what, () -> backend().indexAdd(given.array(), axis, where.array(), actual.array()));
    double c = (indices.shape().size() + 1) * Judge.epsilon(x.dtype());
    Judge.within(() -> what, expected, actual, Judge.scaled(sizes.numbers(), c, 0));
    given.assertUnchanged(what);
    where.assertUnchanged(what);
  }

  @Example
  default void largeTables() {
    Dice dice = new Dice(37);
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      for (int width : new int[] {1, 3, 500}) {
        Shape shape = Shape.of(71, width);
        Shape many = Shape.of(900, width);
        Placed table = Placed.of(dice, dtype, shape, Placement.SLICED, Values.ORDINARY);
        Placed x = Placed.of(dice, dtype, many, Placement.SLICED, Values.ORDINARY);
        judgeIndexAdd(x, 0, indices(dice, true, Shape.of(900), Placement.DENSE, 71), table);
      }
      Placed wide = Placed.of(dice, dtype, Shape.of(50, 700), Placement.DENSE, Values.ORDINARY);
      Shape picked = Shape.of(130, 700);
      Placed places = indices(dice, false, picked, Placement.DENSE, 50).on(backend());
      Placed given = wide.on(backend());
      Placed expected = Placed.of(dice, dtype, picked, Placement.DENSE);
      Placed actual = expected.on(backend());
      Placed.REFERENCE.gather(wide.array(), 0, places.twin().array(), expected.array());
      backend().gather(given.array(), 0, places.array(), actual.array());
      Judge.same(() -> "gather along axis 0 of " + wide, expected, actual);
      Placed sums = Placed.of(dice, dtype, wide.shape(), Placement.DENSE).filled(() -> 0);
      Placed sumsThere = sums.on(backend());
      Placed.REFERENCE.scatterAdd(expected.array(), 0, places.twin().array(), sums.array());
      backend().scatterAdd(actual.array(), 0, places.array(), sumsThere.array());
      Judge.within(
          () -> "scatterAdd along axis 0 to " + wide,
          sums,
          sumsThere,
          Judge.scaled(sums.numbers(), 131 * Judge.epsilon(dtype), 1e-4 * Judge.epsilon(dtype)));
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  default void anIndexOutOfRangeIsRefusedAndNothingIsWritten(
      @ForAll boolean gather,
      @ForAll boolean slices,
      @ForAll boolean wide,
      @ForAll @IntRange(min = 1, max = 30) int extent,
      @ForAll @IntRange(min = 1, max = 30) int picks,
      @ForAll Placement placement,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Shape tableShape = Shape.of(extent, 3);
    Shape picked = Shape.of(picks, 3);
    Shape places = slices ? Shape.of(picks) : picked;
    Placed indices = indices(dice, wide, places, Placement.DENSE, extent);
    int bad = dice.oneIn(2) ? extent + dice.between(0, 1000) : -1 - dice.between(0, 1000);
    indices.base().set(bad, dice.between(0, (int) places.size() - 1));
    Placed where = indices.twin().on(backend());
    Placed table = Placed.of(dice, DType.F32, tableShape, placement.writable(), Values.ORDINARY);
    Placed values = Placed.of(dice, DType.F32, picked, placement.writable(), Values.ORDINARY);
    Placed givenTable = table.on(backend());
    Placed givenValues = values.on(backend());
    String operation =
        slices ? gather ? "indexSelect" : "indexAdd" : gather ? "gather" : "scatterAdd";
    NdArray t = givenTable.array();
    NdArray i = where.array();
    NdArray v = givenValues.array();
    Runnable call =
        switch (operation) {
          case "indexSelect" -> () -> backend().indexSelect(t, 0, i, v);
          case "indexAdd" -> () -> backend().indexAdd(v, 0, i, t);
          case "gather" -> () -> backend().gather(t, 0, i, v);
          default -> () -> backend().scatterAdd(v, 0, i, t);
        };
    Refusals.refused(operation, call, givenTable, givenValues, where);
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
