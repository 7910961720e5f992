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

/** {@link Backend#reduce}: all operations, any axes, fused expressions. */
public interface ReduceContract extends BackendUnderTest {

  /**
   * A call of reduce.
   *
   * @param op how elements are combined
   * @param expr what is combined
   * @param axes the axes that disappear
   * @param out the output, full of noise
   * @param ins the arguments
   */
  record Call(ReduceOp op, Expr expr, int[] axes, Placed out, Placed... ins) {

    /** {@return the output, after the call ran on a backend} */
    Placed on(Backend backend) {
      Placed result = out.on(backend);
      Placed[] given = Arrays.stream(ins).map(x -> x.on(backend)).toArray(Placed[]::new);
      NdArray[] arrays = Arrays.stream(given).map(Placed::array).toArray(NdArray[]::new);
      Judge.run(
          this::toString,
          () -> backend.reduce(op, expr, axes, result.array(), new double[0], arrays));
      for (Placed x : given) {
        x.assertUnchanged("reduce");
      }
      return result;
    }

    Call with(ReduceOp otherOp, Expr otherExpr) {
      return new Call(otherOp, otherExpr, axes, out, ins);
    }

    /** {@return how many elements are combined into one} */
    long length() {
      long all = ins[0].shape().size();
      return out.shape().size() == 0 ? 0 : all / out.shape().size();
    }

    @Override
    public String toString() {
      return "reduce "
          + op
          + " of "
          + expr
          + " over axes "
          + Arrays.toString(axes)
          + " of "
          + Judge.layouts(ins)
          + " to "
          + out;
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void sumsAreAsExactAsTheirLengthAllows(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Call call = call(ReduceOp.SUM, dtype, shape, in, out, Values.ORDINARY, new Dice(seed));
    judgeSum(call, dtype);
  }

  @Example
  default void longSumsStayExact() {
    Dice dice = new Dice(7);
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32, DType.I64}) {
      for (int[] dims : new int[][] {{60_000}, {3, 9_001}, {9_001, 3}, {33, 7, 41}}) {
        for (int[] axes : dims.length == 1 ? new int[][] {{}} : new int[][] {{}, {0}, {-1}}) {
          Shape shape = Shape.of(dims);
          Shape reduced = shape.reduced(shape.axes("test", axes), false);
          Placed out = Placed.of(dice, dtype, reduced, Placement.OFFSET);
          Placed x = Placed.of(dice, dtype, shape, Placement.OFFSET, Values.ORDINARY);
          if (dtype.isFloating()) {
            judgeSum(new Call(ReduceOp.SUM, Expr.arg(0), axes, out, x), dtype);
          }
          // Sums of small integers are exact in any order: not one element may be lost.
          Placed integers = x.twin().filled(() -> dice.between(-3, 3));
          Call exact =
              new Call(ReduceOp.SUM, Expr.arg(0).add(Expr.constant(1)), axes, out, integers);
          Judge.same(exact::toString, exact.on(Placed.REFERENCE), exact.on(backend()));
        }
      }
    }
  }

  private void judgeSum(Call call, DType dtype) {
    double n = call.length();
    // Each addition is off by half an epsilon of the partial sum, so n terms by n/2 epsilons of
    // Σ|x| at worst; but the errors are independent, and add up like √n (Higham and Mary, "A New
    // Approach to Probabilistic Rounding Error Analysis", 2019: a factor of 4 fails once in 10⁴
    // worlds). Not so of a broadcast array's equal elements, whose errors may all have one sign.
    // One more for the terms themselves, which a kernel may fuse with the addition.
    boolean equalTerms = Arrays.stream(call.ins).anyMatch(x -> x.array().layout().repeats());
    double c = 1 + (equalTerms ? n : Math.min(n, 4 * Math.sqrt(n))) / 2;
    double[] sizes =
        call.with(ReduceOp.SUM, Expr.unary(UnaryOp.ABS, call.expr)).on(Placed.REFERENCE).numbers();
    Judge.within(
        call::toString,
        call.on(Placed.REFERENCE),
        call.on(backend()),
        Judge.scaled(sizes, c * Judge.epsilon(dtype), 0));
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  default void productsAreOffByAnEpsilonForEachFactor(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Call call = call(ReduceOp.PROD, dtype, shape, in, out, Values.ORDINARY, dice);
    // So close to 1 that the product of all stays below e^5: no under- or overflow on any path.
    double spread = 5.0 / Math.max(1, call.length());
    Placed x = call.ins[0].twin().filled(() -> Math.exp(dice.between(-spread, spread)));
    Placed y = call.ins[1].twin().filled(() -> dice.oneIn(2) ? -1 : 1);
    Expr signed = Expr.arg(0).mul(Expr.arg(1));
    Call safe = new Call(ReduceOp.PROD, signed, call.axes, call.out, x, y);
    Placed expected = safe.on(Placed.REFERENCE);
    double[] bounds =
        Judge.scaled(expected.numbers(), (call.length() + 1) * Judge.epsilon(dtype), 0);
    Judge.within(safe::toString, expected, safe.on(backend()), bounds);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void largestAndSmallestAreExactAndNanWins(
      @ForAll boolean largest,
      @ForAll boolean anything,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    ReduceOp op = largest ? ReduceOp.MAX : ReduceOp.MIN;
    Values values = anything ? Values.ANYTHING : Values.ORDINARY;
    Call call = call(op, dtype, shape, in, out, values, new Dice(seed));
    Judge.same(call::toString, call.on(Placed.REFERENCE), call.on(backend()));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void integersAreCombinedExactlyAndWrapAround(
      @ForAll ReduceOp op,
      @ForAll(supplier = IntegerTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Call call = call(op, dtype, shape, in, out, Values.ANYTHING, new Dice(seed));
    Judge.same(call::toString, call.on(Placed.REFERENCE), call.on(backend()));
    Call quotients = call.with(op, Expr.binary(BinaryOp.DIV, Expr.arg(0), Expr.arg(1)));
    Judge.same(quotients::toString, quotients.on(Placed.REFERENCE), quotients.on(backend()));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void nanAndInfinitiesPropagateThroughSumsAndProducts(
      @ForAll boolean product,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    ReduceOp op = product ? ReduceOp.PROD : ReduceOp.SUM;
    Call call = call(op, dtype, shape, in, Placement.DENSE, Values.ORDINARY, dice);
    Placed x = call.ins[0].twin();
    double special =
        dice.pick(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    int rare = dice.between(1, 40);
    // Signs and ones only: no other under- or overflow, and every partial result is exact.
    x.filled(() -> dice.oneIn(rare) ? special : dice.oneIn(2) ? 1 : -1);
    Call exact = new Call(op, Expr.arg(0), call.axes, call.out, x);
    double[] e = exact.on(Placed.REFERENCE).numbers();
    Placed actual = exact.on(backend());
    double[] a = actual.numbers();
    for (int i = 0; i < e.length; i++) {
      if (e[i] != a[i] && !Judge.same(e[i], a[i])) {
        Judge.fail(exact::toString, call.out, actual, i, e[i], a[i], "must be equal");
      }
    }
  }

  @Example
  default void noElementsGiveTheIdentity() {
    Dice dice = new Dice(1);
    for (ReduceOp op : ReduceOp.values()) {
      for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32, DType.I64}) {
        Placed x = Placed.of(dice, dtype, Shape.of(3, 0, 2), Placement.SLICED);
        Placed out = Placed.of(dice, dtype, Shape.of(3, 2), Placement.STRIDED);
        Call call = new Call(op, Expr.arg(0), new int[] {1}, out, x);
        Placed expected = identities(op, out);
        Judge.same(call::toString, expected, call.on(backend()));
        Placed all = Placed.of(dice, dtype, Shape.SCALAR, Placement.OFFSET);
        Call whole = new Call(op, Expr.arg(0).add(Expr.constant(1)), new int[0], all, x);
        Judge.same(whole::toString, identities(op, all), whole.on(backend()));
      }
    }
  }

  private static Placed identities(ReduceOp op, Placed like) {
    boolean wide = like.dtype() == DType.I64;
    long integer =
        switch (op) {
          case SUM -> 0;
          case PROD -> 1;
          case MAX -> wide ? Long.MIN_VALUE : Integer.MIN_VALUE;
          case MIN -> wide ? Long.MAX_VALUE : Integer.MAX_VALUE;
        };
    return like.dtype().isInteger()
        ? like.twin().filledWithIntegers(() -> integer)
        : like.twin().filled(op::identity);
  }

  /** {@return a call over any axes, with two arguments, one of which may have to stretch} */
  private static Call call(
      ReduceOp op,
      DType dtype,
      Shape shape,
      Placement in,
      Placement out,
      Values values,
      Dice dice) {
    int rank = shape.rank();
    boolean[] gone = new boolean[rank];
    int count = 0;
    for (int i = 0; i < rank; i++) {
      gone[i] = dice.oneIn(2);
      count += gone[i] ? 1 : 0;
    }
    int[] axes = new int[count];
    int[] order = dice.permutation(rank);
    for (int axis : order) {
      if (gone[axis]) {
        axes[--count] = dice.oneIn(2) ? axis : axis - rank;
      }
    }
    Shape reduced = shape.reduced(shape.axes("test", axes), false);
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    Expr expr =
        dice.pick(List.of(x, x, x.square(), x.mul(y), Expr.unary(UnaryOp.ABS, x.sub(y)), x.add(y)));
    int[] dims = shape.dims();
    for (int i = 0; i < rank; i++) {
      dims[i] = dice.oneIn(3) ? 1 : dims[i];
    }
    return new Call(
        op,
        expr,
        axes,
        Placed.of(dice, dtype, reduced, out.writable()),
        Placed.of(dice, dtype, shape, in, values),
        Placed.of(dice, dtype, Shape.of(dims), in, values));
  }
}
