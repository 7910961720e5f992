package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Masks as arguments and outputs of {@link Backend#elementwise} and {@link Backend#reduce}. */
public interface MaskContract extends BackendUnderTest {

  /** The types that a mask is counted in, and its own. */
  final class CountTypes implements ArbitrarySupplier<DType> {
    @Override
    public Arbitrary<DType> get() {
      return Arbitraries.of(DType.BOOL, DType.F32, DType.F64, DType.I32, DType.I64);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void comparisonsMakeMasksAndMasksChoose(
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed x = Placed.of(dice, dtype, shape, in, Values.TIES);
    Placed y = Placed.of(dice, dtype, shape, Placement.DENSE, Values.TIES);
    Placed mask = mask(dice, shape, in);
    Placed less = Placed.of(dice, DType.BOOL, shape, out.writable());
    Placed chosen = Placed.of(dice, dtype, shape, out.writable());
    Expr test = Expr.arg(0).lt(Expr.arg(1)).max(Expr.arg(2));
    Expr choice = Expr.select(Expr.arg(2), Expr.arg(0), Expr.arg(1));
    judge(List.of(test, choice), new Placed[] {less, chosen}, x, y, mask);
    judge(List.of(Expr.arg(0)), new Placed[] {less}, x);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void masksAloneAreLogic(
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed x = mask(dice, shape, in);
    Placed y = mask(dice, shape, Placement.OFFSET);
    Expr a = Expr.arg(0);
    Expr b = Expr.arg(1);
    for (Expr logic : List.of(a.max(b), a.mul(b), a.eq(b), Expr.constant(1).sub(a))) {
      Placed z = Placed.of(dice, DType.BOOL, shape, out.writable());
      judge(List.of(logic), new Placed[] {z}, x, y);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void masksAreCountedAndAskedForAnyAndAll(
      @ForAll ReduceOp op,
      @ForAll(supplier = CountTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    int[] axes = shape.rank() == 0 ? new int[0] : new int[] {dice.between(0, shape.rank() - 1)};
    Shape left = shape.reduced(shape.axes("test", axes), false);
    Placed x = mask(dice, shape, in);
    Placed z = Placed.of(dice, dtype, left, out.writable());
    Placed expected = z.twin();
    double[] none = new double[0];
    Placed.REFERENCE.reduce(op, Expr.arg(0), axes, expected.array(), none, x.array());
    Placed given = x.on(backend());
    Placed actual = z.on(backend());
    String what = "reduce " + op + " of " + x + " to " + z;
    Judge.run(
        () -> what,
        () -> backend().reduce(op, Expr.arg(0), axes, actual.array(), none, given.array()));
    Judge.same(() -> what, expected, actual);
    given.assertUnchanged(what);
  }

  private static Placed mask(Dice dice, Shape shape, Placement placement) {
    boolean rare = dice.oneIn(2);
    return Placed.of(dice, DType.BOOL, shape, placement)
        .filled(() -> rare ? dice.oneIn(20) ? 1 : 0 : dice.between(0, 1));
  }

  private void judge(List<Expr> exprs, Placed[] outs, Placed... ins) {
    NdArray[] results = new NdArray[outs.length];
    NdArray[] expected = new NdArray[outs.length];
    Placed[] there = new Placed[outs.length];
    Placed[] here = new Placed[outs.length];
    for (int i = 0; i < outs.length; i++) {
      here[i] = outs[i].twin();
      there[i] = outs[i].on(backend());
      expected[i] = here[i].array();
      results[i] = there[i].array();
    }
    NdArray[] given = new NdArray[ins.length];
    NdArray[] same = new NdArray[ins.length];
    for (int i = 0; i < ins.length; i++) {
      given[i] = ins[i].on(backend()).array();
      same[i] = ins[i].array();
    }
    double[] none = new double[0];
    Placed.REFERENCE.elementwise(exprs, expected, none, same);
    String what = "elementwise " + exprs + " of " + Judge.layouts(ins);
    Judge.run(() -> what, () -> backend().elementwise(exprs, results, none, given));
    for (int i = 0; i < outs.length; i++) {
      Judge.same(() -> what, here[i], there[i]);
    }
  }
}
