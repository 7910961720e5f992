package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link Backend#elementwise}: every function, and random expressions of the exact ones. */
public interface ElementwiseContract extends BackendUnderTest {

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void everyUnaryOpIsAsExactAsPromised(
      @ForAll UnaryOp op,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed x = Placed.of(dice, dtype, shape, in, Values.ANYTHING).on(backend());
    Placed y = Placed.of(dice, dtype, shape, out.writable()).on(backend());
    Supplier<String> what = () -> "elementwise " + op + " of " + x + " to " + y;
    Expr expr = Expr.unary(op, Expr.arg(0));
    Judge.run(what, () -> backend().elementwise(expr, y.array(), new double[0], x.array()));
    double[] xs = x.numbers();
    double[] ys = y.numbers();
    for (int i = 0; i < xs.length; i++) {
      String complaint = UlpJudge.complaint(op, dtype, xs[i], ys[i]);
      if (complaint != null) {
        throw new AssertionError(
            what.get() + ": at " + Arrays.toString(Judge.index(shape, i)) + " " + complaint);
      }
    }
    y.assertNothingAroundTouched(what.get());
    x.assertUnchanged(what.get());
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void everyBinaryOpIsAsExactAsPromised(
      @ForAll BinaryOp op,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement left,
      @ForAll Placement right,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed x = Placed.of(dice, dtype, shape, left, Values.ANYTHING);
    Placed y = Placed.of(dice, dtype, smaller(dice, shape), right, Values.ANYTHING);
    Placed z = Placed.of(dice, dtype, shape, out.writable());
    Expr expr = Expr.binary(op, Expr.arg(0), Expr.arg(1));
    if (op.ulps() <= 0.5) {
      judge(List.of(expr), List.of(z), new double[0], x, y);
      return;
    }
    Placed result = z.on(backend());
    Supplier<String> what = () -> "elementwise " + op + " of " + x + " and " + y + " to " + z;
    NdArray[] ins = {x.on(backend()).array(), y.on(backend()).array()};
    Judge.run(what, () -> backend().elementwise(expr, result.array(), new double[0], ins));
    double[] xs = x.numbers();
    double[] ys = stretched(y, shape);
    double[] zs = result.numbers();
    for (int i = 0; i < zs.length; i++) {
      String complaint = UlpJudge.complaint(op, dtype, xs[i], ys[i], zs[i]);
      if (complaint != null) {
        throw new AssertionError(
            what.get() + ": at " + Arrays.toString(Judge.index(shape, i)) + " " + complaint);
      }
    }
    result.assertNothingAroundTouched(what.get());
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  default void everyOpForIntegersIsExactAndWrapsAround(
      @ForAll(supplier = IntegerTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement left,
      @ForAll Placement right,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed x = Placed.of(dice, dtype, shape, left, Values.ANYTHING);
    Placed y = Placed.of(dice, dtype, smaller(dice, shape), right, Values.ANYTHING);
    Placed z = Placed.of(dice, dtype, shape, out.writable());
    for (UnaryOp op : UnaryOp.values()) {
      if (op.isForIntegers()) {
        judge(List.of(Expr.unary(op, Expr.arg(0))), List.of(z), new double[0], x);
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (op.isForIntegers()) {
        Expr expr = Expr.binary(op, Expr.arg(0), Expr.arg(1));
        judge(List.of(expr), List.of(z), new double[0], x, y);
      }
    }
    Expr large = Expr.integer(Values.ANYTHING.nextInteger(dice));
    if (dtype == DType.I64) {
      judge(List.of(Expr.arg(0).sub(large)), List.of(z), new double[0], x);
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void treesOfExactOpsGiveTheSameBits(
      @ForAll @IntRange(min = 1, max = 30) int operations,
      @ForAll @IntRange(max = 4) int args,
      @ForAll @IntRange(max = 3) int params,
      @ForAll(supplier = OrderedTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed[] ins = new Placed[args];
    for (int i = 0; i < args; i++) {
      Values values = dice.oneIn(2) ? Values.ANYTHING : Values.ORDINARY;
      ins[i] = Placed.of(dice, dtype, i == 0 ? shape : smaller(dice, shape), in, values);
    }
    double[] scalars = new double[params];
    for (int i = 0; i < params; i++) {
      // Not rounded to the type here: the backend has to do that.
      scalars[i] = dtype.isInteger() ? dice.between(-9, 9) : dice.between(-3.0, 3.0);
    }
    Trees trees = new Trees(dice, dtype, args, params);
    List<Expr> exprs = new ArrayList<>();
    List<Placed> outs = new ArrayList<>();
    int outputs = dice.between(1, 3);
    for (int i = 0; i < outputs; i++) {
      exprs.add(trees.grow(Math.max(1, operations / outputs)));
      outs.add(Placed.of(dice, dtype, shape, out.writable()));
    }
    judge(exprs, outs, scalars, ins);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void inexactOpsInsideTreesStayExactEnoughAndAreComputedOnce(
      @ForAll @IntRange(min = 1, max = 12) int operations,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    UnaryOp op = dice.pick(Trees.INEXACT);
    Trees trees = new Trees(dice, dtype, 2, 0);
    Expr below = trees.grow(operations);
    Expr middle = Expr.unary(op, below);
    Expr above = middle.mul(Expr.arg(1)).add(middle);
    Placed[] ins = {
      Placed.of(dice, dtype, shape, in, Values.ORDINARY).on(backend()),
      Placed.of(dice, dtype, shape, Placement.DENSE, Values.ORDINARY).on(backend())
    };
    Placed[] outs = new Placed[3];
    for (int i = 0; i < outs.length; i++) {
      outs[i] = Placed.of(dice, dtype, shape, Placement.MIXED).on(backend());
    }
    List<Expr> exprs = List.of(below, middle, above);
    Supplier<String> what = () -> "elementwise " + exprs + " of " + Judge.layouts(ins);
    Judge.run(what, () -> backend().elementwise(exprs, arrays(outs), new double[0], arrays(ins)));
    double[] arguments = outs[0].numbers();
    double[] values = outs[1].numbers();
    for (int i = 0; i < values.length; i++) {
      String complaint = UlpJudge.complaint(op, dtype, arguments[i], values[i]);
      if (complaint != null) {
        throw new AssertionError(what.get() + ": " + complaint);
      }
    }
    // What is above must be the exact function of what was found in the middle.
    Placed expected = outs[2].twin();
    Placed.REFERENCE.elementwise(
        Expr.arg(0).mul(Expr.arg(1)).add(Expr.arg(0)),
        expected.array(),
        new double[0],
        outs[1].twin().array(),
        ins[1].twin().array());
    Judge.same(what, expected, outs[2]);
  }

  /** Runs the same call on the reference and on the backend, and compares every bit. */
  private void judge(List<Expr> exprs, List<Placed> outs, double[] params, Placed... ins) {
    Placed[] expected = outs.stream().map(Placed::twin).toArray(Placed[]::new);
    Placed.REFERENCE.elementwise(exprs, arrays(expected), params, arrays(ins));
    Placed[] actual = outs.stream().map(o -> o.on(backend())).toArray(Placed[]::new);
    Placed[] given = Arrays.stream(ins).map(i -> i.on(backend())).toArray(Placed[]::new);
    Supplier<String> what =
        () ->
            "elementwise "
                + exprs
                + " of "
                + Judge.layouts(ins)
                + " and scalars "
                + Arrays.toString(params)
                + " to "
                + outs;
    Judge.run(what, () -> backend().elementwise(exprs, arrays(actual), params, arrays(given)));
    for (int i = 0; i < actual.length; i++) {
      int k = i;
      Judge.same(() -> what.get() + ", output " + k, expected[i], actual[i]);
    }
    for (Placed x : given) {
      x.assertUnchanged("elementwise");
    }
  }

  private static NdArray[] arrays(Placed... placed) {
    return Arrays.stream(placed).map(Placed::array).toArray(NdArray[]::new);
  }

  private static double[] stretched(Placed x, Shape shape) {
    return x.array().broadcastTo(shape).toDoubleArray();
  }

  /** {@return the shape, or one that stretches to it} */
  private static Shape smaller(Dice dice, Shape shape) {
    if (dice.oneIn(2)) {
      return shape;
    }
    int[] dims = Arrays.copyOfRange(shape.dims(), dice.between(0, shape.rank()), shape.rank());
    for (int i = 0; i < dims.length; i++) {
      dims[i] = dice.oneIn(3) ? 1 : dims[i];
    }
    return Shape.of(dims);
  }
}
