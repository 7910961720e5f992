package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * {@link Backend#elementwise} with outputs that lie over arguments: as if these had been copied.
 */
public interface AliasingContract extends BackendUnderTest {

  /** How the output lies over the first argument. */
  enum Overlap {
    SAME,
    FORWARD,
    BACKWARD,
    GAPS,
    TRANSPOSED,
    ROW_OF_OUTPUT,
    COLUMN_OF_OUTPUT
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void outputsOverArgumentsGiveWhatCopiesWouldGive(
      @ForAll Overlap overlap,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 8) int operations,
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    int shift = dice.between(1, 20);
    Layout line = Layout.contiguous(Shape.of(n * n + 2 * n + 40));
    Layout square = line.slice(0, 0, n * n, 1).reshape(Shape.of(n, n));
    Layout in;
    Layout out;
    switch (overlap) {
      case SAME -> {
        in = line.slice(0, shift, shift + n, 1);
        out = in;
      }
      case FORWARD -> {
        in = line.slice(0, 0, n, 1);
        out = line.slice(0, shift, shift + n, 1);
      }
      case BACKWARD -> {
        in = line.slice(0, shift, shift + n, 1);
        out = line.slice(0, 0, n, 1);
      }
      case GAPS -> {
        in = line.slice(0, 0, n, 1);
        out = line.slice(0, 0, 2 * n, 2);
      }
      case TRANSPOSED -> {
        in = square.permute(1, 0);
        out = square;
      }
      case ROW_OF_OUTPUT -> {
        int row = dice.between(0, n - 1);
        in = square.slice(0, row, row + 1, 1);
        out = square;
      }
      case COLUMN_OF_OUTPUT -> {
        int column = dice.between(0, n - 1);
        in = square.slice(1, column, column + 1, 1);
        out = square;
      }
      default -> throw new AssertionError(overlap);
    }
    Expr expr = new Trees(dice, dtype, 2, 0).grow(operations).add(Expr.arg(0)).sub(Expr.arg(1));
    Placed memory = numbers(dice, dtype, line);
    Placed other = Placed.of(dice, dtype, out.shape(), Placement.DENSE, Values.ORDINARY);
    Placed expected = memory.twin();
    Placed.REFERENCE.elementwise(
        expr, expected.view(out), new double[0], memory.view(in), other.array());
    Placed actual = memory.on(backend());
    NdArray second = other.on(backend()).array();
    Supplier<String> what =
        () -> "elementwise " + expr + " from " + in + " over itself to " + out + " in " + dtype;
    Judge.run(
        what,
        () ->
            backend().elementwise(expr, actual.view(out), new double[0], actual.view(in), second));
    Judge.same(what, expected, actual);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  default void eachOutputMaySeeTheOldNumbersOfAll(
      @ForAll @IntRange(max = 40) int n,
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    List<Expr> swap = List.of(y.mul(x), x.sub(y));
    Placed memory = numbers(dice, dtype, Layout.contiguous(Shape.of(2, n)));
    Layout first = memory.layout().slice(0, 0, 1, 1);
    Layout second = memory.layout().slice(0, 1, 2, 1);
    Placed expected = memory.twin();
    Placed.REFERENCE.elementwise(
        swap,
        new NdArray[] {expected.view(first), expected.view(second)},
        new double[0],
        memory.view(first),
        memory.view(second));
    Placed actual = memory.on(backend());
    NdArray[] both = {actual.view(first), actual.view(second)};
    Supplier<String> what =
        () -> "elementwise " + swap + " in place in " + dtype + ", rows of " + n;
    Judge.run(what, () -> backend().elementwise(swap, both, new double[0], both[0], both[1]));
    Judge.same(what, expected, actual);
  }

  /** {@return numbers in a layout; of integers any bits are good} */
  private static Placed numbers(Dice dice, DType dtype, Layout layout) {
    Placed memory = Placed.of(dice, dtype, layout);
    return dtype.isInteger() ? memory : memory.filled(() -> Values.ORDINARY.next(dice, dtype));
  }
}
