package dev.lanewise.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
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

  @Example
  default void everyHalfFloatAndTheTiesBetweenThem() {
    Dice dice = new Dice(23);
    int[] rest = {0, 1, 0x0fff, 0x1000, 0x1001, 0x2fff, 0x3000, 0x7fff, 0x8000, 0x8001, 0xffff};
    Placed halves = Placed.of(dice, DType.F16, Shape.of(1 << 16), Placement.DENSE);
    Placed singles = Placed.of(dice, DType.F32, Shape.of(rest.length << 16), Placement.DENSE);
    for (int i = 0; i < 1 << 16; i++) {
      halves.base().storage().segment().setAtIndex(JAVA_SHORT, i, (short) i);
      for (int j = 0; j < rest.length; j++) {
        int bits = i << 16 | rest[j];
        singles.base().storage().segment().setAtIndex(JAVA_INT, i * rest.length + j, bits);
      }
    }
    judge(halves.twin(), Placed.of(dice, DType.F32, halves.shape(), Placement.DENSE));
    for (DType half : new DType[] {DType.F16, DType.BF16}) {
      judge(singles.twin(), Placed.of(dice, half, singles.shape(), Placement.DENSE));
    }
  }

  @Example
  default void largeArraysOfEveryLayout() {
    Dice dice = new Dice(29);
    DType[] types = DType.values();
    for (Placement placement : Placement.values()) {
      for (Shape shape : new Shape[] {Shape.of(70_001), Shape.of(3, 9_001), Shape.of(1_001, 19)}) {
        judge(dice, dice.pick(List.of(types)), DType.F32, shape, false, placement, placement);
        judge(dice, DType.I64, dice.pick(List.of(types)), shape, true, placement, placement);
        judge(dice, DType.BF16, DType.BF16, shape, true, placement, placement);
      }
    }
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
