package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Backend#scan}: each result that of all elements before. */
public interface ScanContract extends BackendUnderTest {

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void eachElementIsCombinedWithAllBeforeIt(
      @ForAll ReduceOp op,
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll boolean exclusive,
      @ForAll boolean reverse,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    Placed x = Placed.of(dice, dtype, shape, in);
    if (dtype.isFloating()) {
      x.filled(() -> Values.ORDINARY.next(dice, dtype));
    }
    judge(op, x, axis, exclusive, reverse, Placed.of(dice, dtype, shape, out.writable()));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  default void nanSpoilsWhatComesAfterIt(
      @ForAll boolean largest,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll boolean reverse,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Shape shape = Shape.of(dice.between(1, 40), dice.between(1, 40));
    Placed x = Placed.of(dice, dtype, shape, Placement.DENSE, Values.TIES);
    Placed out = Placed.of(dice, dtype, shape, Placement.DENSE);
    judge(largest ? ReduceOp.MAX : ReduceOp.MIN, x, dice.between(0, 1), false, reverse, out);
  }

  @Example
  default void longLinesAreScanned() {
    Dice dice = new Dice(41);
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32, DType.I64}) {
      for (int axis = 0; axis < 2; axis++) {
        Shape shape = Shape.of(701, 1203);
        Placed x = Placed.of(dice, dtype, shape, Placement.DENSE);
        x.filled(() -> dtype.isFloating() ? dice.normal() : dice.between(-9, 9));
        Placed out = Placed.of(dice, dtype, shape, Placement.DENSE);
        judge(ReduceOp.SUM, x, axis, dice.oneIn(2), dice.oneIn(2), out);
      }
    }
  }

  private void judge(
      ReduceOp op, Placed x, int axis, boolean exclusive, boolean reverse, Placed out) {
    Placed expected = out.twin();
    Placed.REFERENCE.scan(op, x.array(), axis, exclusive, reverse, expected.array());
    Placed given = x.on(backend());
    Placed actual = out.on(backend());
    String how = (exclusive ? "exclusive " : "") + (reverse ? "reverse " : "");
    String what = "scan " + how + op + " along axis " + axis + " of " + x + " to " + out;
    Judge.run(
        () -> what,
        () -> backend().scan(op, given.array(), axis, exclusive, reverse, actual.array()));
    given.assertUnchanged(what);
    if (x.dtype().isInteger()) {
      Judge.same(() -> what, expected, actual);
      return;
    }
    switch (op) {
      case MAX, MIN -> Judge.same(() -> what, expected, actual);
      case SUM -> {
        Placed sizes = out.twin();
        Placed.REFERENCE.scan(op, x.sizes().array(), axis, exclusive, reverse, sizes.array());
        double[] bounds =
            Judge.scaled(sizes.numbers(), x.shape().dim(axis) * Judge.epsilon(DType.F64), 0);
        judge(what, expected, actual, bounds);
      }
      case PROD -> {
        double c = x.shape().dim(axis) * Judge.epsilon(DType.F64);
        judge(what, expected, actual, Judge.scaled(expected.numbers(), c, Double.MIN_NORMAL));
      }
    }
  }

  /** Besides its bound, each result is rounded to its type once. */
  private static void judge(String what, Placed expected, Placed actual, double[] bounds) {
    double[] e = expected.numbers();
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] += expected.dtype() == DType.F32 ? Math.ulp((float) e[i]) : 0;
    }
    Judge.within(() -> what, expected, actual, bounds);
  }
}
