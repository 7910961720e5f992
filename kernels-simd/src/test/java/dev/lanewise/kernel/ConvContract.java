package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link Backend#conv} and its two gradients: random geometry, and that they are adjoint. */
public interface ConvContract extends BackendUnderTest {

  /** The three operations, each as a function of two arrays into a third. */
  enum Direction {
    FORWARD,
    BACKWARD_DATA,
    BACKWARD_FILTER;

    void run(Backend backend, ConvSpec spec, NdArray first, NdArray second, NdArray result) {
      switch (this) {
        case FORWARD -> backend.conv(spec, first, second, result);
        case BACKWARD_DATA -> backend.convBackwardData(spec, first, second, result);
        case BACKWARD_FILTER -> backend.convBackwardFilter(spec, first, second, result);
      }
    }

    Shape first(ConvSpec spec) {
      return this == BACKWARD_DATA ? spec.output() : spec.input();
    }

    Shape second(ConvSpec spec) {
      return this == BACKWARD_FILTER ? spec.output() : spec.filter();
    }

    Shape result(ConvSpec spec) {
      return switch (this) {
        case FORWARD -> spec.output();
        case BACKWARD_DATA -> spec.input();
        case BACKWARD_FILTER -> spec.filter();
      };
    }

    /** {@return how many products are summed into one number, at most} */
    long terms(ConvSpec spec) {
      long taps = spec.filter().size() / Math.max(1, spec.filter().dim(0) * spec.filter().dim(1));
      return switch (this) {
        case FORWARD -> taps * spec.filter().dim(1);
        case BACKWARD_DATA -> taps * spec.filter().dim(0) / spec.groups();
        case BACKWARD_FILTER -> spec.output().size() / Math.max(1, spec.output().dim(1));
      };
    }
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  default void convolutionsAndTheirGradientsAreExactToTheirLength(
      @ForAll Direction direction,
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement first,
      @ForAll Placement second,
      @ForAll Placement result,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    judge(direction, Geometry.conv(dice, spatial), dtype, dice, first, second, result);
  }

  @Example
  default void widerConvolutions() {
    Dice dice = new Dice(2);
    Window three = Window.of(3, 3).withSamePadding();
    List<ConvSpec> specs =
        List.of(
            ConvSpec.of(Shape.of(2, 9, 9, 13), Shape.of(17, 9, 3, 3), three, 1),
            ConvSpec.of(Shape.of(2, 1, 28, 28), Shape.of(4, 1, 5, 5), Window.of(5, 5), 1),
            ConvSpec.of(Shape.of(1, 32, 7, 7), Shape.of(17, 32, 1, 1), Window.of(1, 1), 1),
            ConvSpec.of(Shape.of(2, 16, 9, 20), Shape.of(16, 1, 3, 3), three, 16),
            ConvSpec.of(Shape.of(1, 3, 33, 35), Shape.of(5, 3, 3, 3), three.withStride(2, 2), 1));
    for (ConvSpec spec : specs) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        for (Direction direction : Direction.values()) {
          Placement dense = Placement.DENSE;
          judge(direction, spec, dtype, dice, dense, dense, dense);
        }
      }
    }
  }

  private void judge(
      Direction direction,
      ConvSpec spec,
      DType dtype,
      Dice dice,
      Placement first,
      Placement second,
      Placement result) {
    Placed x = Placed.of(dice, dtype, direction.first(spec), first, Values.ORDINARY);
    Placed y = Placed.of(dice, dtype, direction.second(spec), second, Values.ORDINARY);
    Placed out = Placed.of(dice, dtype, direction.result(spec), result.writable());
    Placed expected = out.twin();
    direction.run(Placed.REFERENCE, spec, x.array(), y.array(), expected.array());
    Placed sizes = out.twin();
    direction.run(Placed.REFERENCE, spec, x.sizes().array(), y.sizes().array(), sizes.array());
    Placed actual = out.on(backend());
    Placed givenX = x.on(backend());
    Placed givenY = y.on(backend());
    String what =
        "conv "
            + direction
            + ", "
            + Geometry.text(spec)
            + ", of "
            + Judge.layouts(x, y)
            + " to "
            + out;
    Judge.run(
        () -> what,
        () -> direction.run(backend(), spec, givenX.array(), givenY.array(), actual.array()));
    // One rounding for each product and each sum, and a few for the last step of either side.
    double c = (direction.terms(spec) + 4) * Judge.epsilon(dtype);
    Judge.within(() -> what, expected, actual, Judge.scaled(sizes.numbers(), c, 0));
    givenX.assertUnchanged(what);
    givenY.assertUnchanged(what);
  }

  @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
  default void theGradientsAreAdjointToTheConvolution(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    ConvSpec spec = Geometry.conv(dice, spatial);
    Placed x = Placed.of(dice, dtype, spec.input(), Placement.DENSE, Values.ORDINARY);
    Placed w = Placed.of(dice, dtype, spec.filter(), Placement.DENSE, Values.ORDINARY);
    Placed g = Placed.of(dice, dtype, spec.output(), Placement.DENSE, Values.ORDINARY);
    double byOutput = dot(run(Direction.FORWARD, backend(), spec, x, w), g);
    double byInput = dot(run(Direction.BACKWARD_DATA, backend(), spec, g, w), x);
    double byFilter = dot(run(Direction.BACKWARD_FILTER, backend(), spec, x, g), w);
    long terms = 0;
    for (Direction d : Direction.values()) {
      terms = Math.max(terms, d.terms(spec));
    }
    double size =
        dot(run(Direction.FORWARD, Placed.REFERENCE, spec, x.sizes(), w.sizes()), g.sizes());
    double bound = (terms + 4) * Judge.epsilon(dtype) * size;
    if (!(Math.abs(byOutput - byInput) <= bound && Math.abs(byOutput - byFilter) <= bound)) {
      throw new AssertionError(
          "conv in "
              + dtype
              + ", "
              + Geometry.text(spec)
              + ": <conv(x, w), g>, <x, backwardData(g, w)> and <w, backwardFilter(x, g)> are "
              + List.of(byOutput, byInput, byFilter)
              + "; they may differ by "
              + bound);
    }
  }

  private static double[] run(
      Direction direction, Backend backend, ConvSpec spec, Placed first, Placed second) {
    Placed out =
        Placed.of(new Dice(0), first.dtype(), direction.result(spec), Placement.DENSE).on(backend);
    NdArray x = first.on(backend).array();
    direction.run(backend, spec, x, second.on(backend).array(), out.array());
    return out.numbers();
  }

  private static double dot(double[] x, Placed y) {
    double[] ys = y.numbers();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * ys[i];
    }
    return sum;
  }
}
