package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Backend#copy}: every type to every other, in all layouts. */
public interface CopyContract extends BackendUnderTest {

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void copyConvertsAsJavaCastsDo(
      @ForAll DType from,
      @ForAll DType to,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll boolean noise,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    judge(new Dice(seed), from, to, shape, noise, in, out);
  }

  @Example
  default void everyTypeToEveryOther() {
    Dice dice = new Dice(17);
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        for (Placement placement : new Placement[] {Placement.DENSE, Placement.MIXED}) {
          Shape shape = Shape.of(3, 71);
          judge(dice, from, to, shape, true, placement, placement);
          judge(dice, from, to, shape, false, placement, placement);
        }
      }
    }
  }

  @Example
  default void aSmallerArrayStretches() {
    Dice dice = new Dice(19);
    Placed x = Placed.of(dice, DType.F32, Shape.of(3, 1), Placement.SLICED, Values.ORDINARY);
    Placed y = Placed.of(dice, DType.F64, Shape.of(2, 3, 17), Placement.STRIDED);
    judge(x, y);
  }

  private void judge(
      Dice dice, DType from, DType to, Shape shape, boolean noise, Placement in, Placement out) {
    // Noise is any bits at all: all NaNs, all exponents, all integers.
    Placed x = Placed.of(dice, from, shape, in);
    if (from == DType.BOOL) {
      x.filled(() -> dice.between(0, 1));
    } else if (!noise) {
      x.filled(() -> Values.ANYTHING.next(dice, from == DType.F64 ? DType.F64 : DType.F32));
    }
    judge(x, Placed.of(dice, to, shape, out.writable()));
  }

  private void judge(Placed x, Placed y) {
    Placed expected = y.twin();
    Placed.REFERENCE.copy(x.array(), expected.array());
    Placed actual = y.on(backend());
    Placed given = x.on(backend());
    String what = "copy from " + x + " to " + y;
    Judge.run(() -> what, () -> backend().copy(given.array(), actual.array()));
    if (y.dtype() == DType.I64) {
      long[] e = expected.integers();
      long[] a = actual.integers();
      int wrong = Arrays.mismatch(e, a);
      if (wrong >= 0) {
        String integers = what + " (" + a[wrong] + " instead of " + e[wrong] + ")";
        Judge.fail(() -> integers, expected, actual, wrong, e[wrong], a[wrong], "must be equal");
      }
    }
    Judge.same(() -> what, expected, actual);
    given.assertUnchanged(what);
  }
}
