package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * {@link Backend#conv(ConvSpec, NdArray, NdArray, NdArray)} and its two gradients: random geometry,
 * and that they are adjoint.
 */
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
            ConvSpec.of(Shape.of(1, 3, 33, 35), Shape.of(5, 3, 3, 3), three.withStride(2, 2), 1),
            // As long as several vectors and parts, and with more rows than fit the cache at once.
            ConvSpec.of(Shape.of(1, 2, 5000), Shape.of(3, 2, 5), Window.of(5).withStride(3), 1),
            ConvSpec.of(Shape.of(1, 40, 60, 61), Shape.of(4, 40, 3, 3), three, 1),
            ConvSpec.of(Shape.of(5, 17, 18, 40), Shape.of(18, 17, 3, 2), strided(), 1),
            ConvSpec.of(Shape.of(2, 34, 7, 7), Shape.of(300, 34, 3, 3), three, 1),
            ConvSpec.of(Shape.of(9, 1, 20, 33), Shape.of(35, 1, 4, 4), Window.of(4, 4), 1),
            ConvSpec.of(
                Shape.of(2, 3, 9, 10, 17),
                Shape.of(20, 3, 3, 3, 3),
                Window.of(3, 3, 3).withSamePadding(),
                1),
            // Windows whose elements lie so far apart that an image in between would be too large.
            ConvSpec.of(
                Shape.of(1, 2, 3, 3),
                Shape.of(2, 2, 2, 2),
                Window.of(2, 2).withPadding(400, 400).withDilation(700, 700).withStride(90, 90),
                1));
    for (ConvSpec spec : specs) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        for (Direction direction : Direction.values()) {
          Placement dense = Placement.DENSE;
          judge(direction, spec, dtype, dice, dense, dense, dense);
        }
      }
    }
  }

  private static Window strided() {
    return Window.of(3, 2).withStride(2, 2).withPadding(1, 1).withDilation(1, 3);
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

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  default void whatFollowsAConvolutionGivesTheSameBits(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement bias,
      @ForAll Placement more,
      @ForAll Placement result,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    ConvSpec spec = dice.oneIn(4) ? pointwise(dice) : Geometry.conv(dice, spatial);
    Placed x = Placed.of(dice, dtype, spec.input(), Placement.DENSE, Values.ORDINARY).on(backend());
    Placed w =
        Placed.of(dice, dtype, spec.filter(), Placement.DENSE, Values.ORDINARY).on(backend());
    Shape out = spec.output();
    int[] ones = new int[out.rank() - 1];
    Arrays.fill(ones, 1);
    ones[0] = out.dim(1);
    Shape row = Shape.of(out.dim(out.rank() - 1));
    Placed b = Placed.of(dice, dtype, Shape.of(ones), bias, Values.ORDINARY).on(backend());
    Placed r = Placed.of(dice, dtype, dice.oneIn(3) ? row : out, more, Values.ORDINARY);
    Placed other = r.on(backend());
    Expr sum = Expr.arg(0).add(Expr.arg(1)).add(Expr.arg(2).mul(Expr.param(0)));
    Expr expr = dice.oneIn(2) ? sum.relu() : sum.mul(Expr.arg(0));
    double[] params = {dice.normal()};
    Placed y = Placed.of(dice, dtype, out, result.writable());
    Placed expected = y.on(backend());
    Placed actual = y.on(backend());
    backend().conv(spec, x.array(), w.array(), expected.array());
    backend()
        .elementwise(expr, expected.array(), params, expected.array(), b.array(), other.array());
    String what = "conv with " + expr + ", " + Geometry.text(spec) + ", " + Judge.layouts(b, r, y);
    Judge.run(
        () -> what,
        () ->
            backend()
                .conv(
                    spec,
                    x.array(),
                    w.array(),
                    actual.array(),
                    expr,
                    params,
                    b.array(),
                    other.array()));
    Judge.same(() -> what, expected, actual);
    b.assertUnchanged(what);
    other.assertUnchanged(what);
  }

  /** {@return a convolution with a window of one element, which is a matrix product} */
  private static ConvSpec pointwise(Dice dice) {
    int channels = dice.between(1, 9);
    return ConvSpec.of(
        Shape.of(dice.between(1, 3), channels, dice.between(1, 9), dice.between(1, 9)),
        Shape.of(dice.between(1, 20), channels, 1, 1),
        Window.of(1, 1),
        1);
  }

  @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
  default void theGradientsAreAdjointToTheConvolution(
      @ForAll @IntRange(min = 1, max = 3) int spatial,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    gradientsAreAdjoint(dice, dtype, Geometry.conv(dice, spatial));
  }

  @Example
  default void theGradientsOfOneOutputOfASolidWindowAreAdjoint() {
    // A part of the outputs meets lines that are not side by side in the image.
    Window window = Window.of(2, 3, 3).withPadding(0, 0, 1).withDilation(2, 1, 3);
    ConvSpec spec = ConvSpec.of(Shape.of(2, 48, 3, 3, 5), Shape.of(9, 16, 2, 3, 3), window, 3);
    gradientsAreAdjoint(new Dice(1), DType.F32, spec);
    gradientsAreAdjoint(new Dice(1), DType.F64, spec);
  }

  private void gradientsAreAdjoint(Dice dice, DType dtype, ConvSpec spec) {
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
