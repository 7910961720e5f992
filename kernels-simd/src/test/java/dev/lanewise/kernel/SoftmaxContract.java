package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link RowOperations#softmax}, {@link RowOperations#logSoftmax} and their gradients. */
public interface SoftmaxContract extends BackendUnderTest {

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void softmaxIsAsExactAsPromised(
      @ForAll boolean log,
      @ForAll boolean inPlace,
      @ForAll Values values,
      @ForAll @IntRange(max = 2) int size,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(-shape.rank(), shape.rank() - 1);
    Placed x = Placed.of(dice, dtype, shape, inPlace ? in.writable() : in, values);
    double factor = List.of(1.0, 30.0, 1e30).get(size);
    x.filled(Arrays.stream(x.numbers()).map(v -> v * factor).iterator()::nextDouble);
    Placed y = Placed.of(dice, dtype, shape, out.writable());
    Placed expected = y.twin();
    String what =
        (log ? "logSoftmax" : "softmax") + " along axis " + axis + " of " + x + " to " + y;
    softmax(Placed.REFERENCE, log, x.array(), axis, expected.array());
    Placed given = x.on(backend());
    Placed actual = inPlace ? given : y.on(backend());
    Judge.run(() -> what, () -> softmax(backend(), log, given.array(), axis, actual.array()));
    double[] bounds = bounds(log, x, shape.axis("test", axis), expected.numbers());
    Judge.within(() -> what, expected, actual, bounds);
    if (!inPlace) {
      given.assertUnchanged(what);
    }
  }

  private static void softmax(Backend backend, boolean log, NdArray x, int axis, NdArray out) {
    if (log) {
      backend.logSoftmax(x, axis, out);
    } else {
      backend.softmax(x, axis, out);
    }
  }

  private static double[] bounds(boolean log, Placed x, int axis, double[] expected) {
    RowLines rows = new RowLines(x.shape(), axis);
    double[] numbers = x.numbers();
    double eps = Judge.epsilon(x.dtype());
    double c = rows.c(x.layout().repeats());
    double[] bounds = new double[numbers.length];
    for (int r = 0; r < rows.count(); r++) {
      double largest = rows.largest(r, numbers);
      for (int i = 0; i < rows.length(); i++) {
        int at = rows.place(r, i);
        double distance = largest - numbers[at];
        double y = expected[at];
        bounds[at] =
            log
                ? eps * (c + distance + Math.abs(y))
                : (y == 0 ? 0 : y * eps * (c + distance / 2)) + RowLines.tiny(x.dtype());
      }
    }
    return bounds;
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void gradientsOfSoftmaxAreAsExactAsTheirSums(
      @ForAll boolean log,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    int axis = dice.between(0, shape.rank() - 1);
    Placed y = Placed.of(dice, dtype, shape, in, Values.ORDINARY);
    Placed up = Placed.of(dice, dtype, shape, in, Values.ORDINARY);
    Placed grad = Placed.of(dice, dtype, shape, out.writable());
    Placed expected = grad.twin();
    String what =
        (log ? "logSoftmaxBackward" : "softmaxBackward")
            + " along axis "
            + axis
            + " of "
            + Judge.layouts(y, up)
            + " to "
            + grad;
    backward(Placed.REFERENCE, log, y.array(), up.array(), axis, expected.array());
    Placed givenY = y.on(backend());
    Placed givenUp = up.on(backend());
    Placed actual = grad.on(backend());
    Judge.run(
        () -> what,
        () -> backward(backend(), log, givenY.array(), givenUp.array(), axis, actual.array()));
    RowLines rows = new RowLines(shape, axis);
    double eps = Judge.epsilon(dtype);
    boolean equal = y.layout().repeats() || up.layout().repeats();
    double[] ys = y.numbers();
    double[] ups = up.numbers();
    double[] bounds = new double[ys.length];
    for (int r = 0; r < rows.count(); r++) {
      double sizes = rows.sum(r, i -> Math.abs(ups[i] * (log ? 1 : ys[i])));
      double ofSum = sizes * (rows.sumError(equal) + 1);
      for (int i = 0; i < rows.length(); i++) {
        int at = rows.place(r, i);
        double factor = log ? Math.exp(ys[at]) : Math.abs(ys[at]);
        bounds[at] =
            eps * (2 * Math.abs(ups[at]) * (log ? 1 : factor) + factor * (ofSum + 3 * sizes));
      }
    }
    Judge.within(() -> what, expected, actual, bounds);
    givenY.assertUnchanged(what);
    givenUp.assertUnchanged(what);
  }

  private static void backward(
      Backend backend, boolean log, NdArray y, NdArray up, int axis, NdArray grad) {
    if (log) {
      backend.logSoftmaxBackward(y, up, axis, grad);
    } else {
      backend.softmaxBackward(y, up, axis, grad);
    }
  }

  @Example
  default void longRowsAreSummedInParts() {
    Dice dice = new Dice(3);
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      for (int[] dims : new int[][] {{70_000}, {3, 9_001}, {9_001, 3}, {70_000, 2}, {2, 300, 70}}) {
        Shape shape = Shape.of(dims);
        for (int axis = 0; axis < dims.length; axis++) {
          for (boolean log : new boolean[] {false, true}) {
            Placed x = Placed.of(dice, dtype, shape, Placement.OFFSET, Values.ORDINARY);
            Placed y = Placed.of(dice, dtype, shape, Placement.OFFSET);
            String what = (log ? "logSoftmax" : "softmax") + " along axis " + axis + " of " + x;
            Placed expected = y.twin();
            softmax(Placed.REFERENCE, log, x.array(), axis, expected.array());
            Placed actual = y.on(backend());
            softmax(backend(), log, x.on(backend()).array(), axis, actual.array());
            Judge.within(() -> what, expected, actual, bounds(log, x, axis, expected.numbers()));
          }
        }
      }
    }
  }

  @Example
  default void softmaxRefusesWrongArguments() {
    Placed x = Placed.of(new Dice(1), DType.F32, Shape.of(3, 4), Placement.SLICED).on(backend());
    Placed out = x.on(backend());
    NdArray other = given(DType.F32, 4, 3).array();
    NdArray wide = given(DType.F64, 3, 4).array();
    NdArray integers = given(DType.I32, 3, 4).array();
    NdArray dead = Refusals.dead(backend(), DType.F32, 3, 4);
    for (boolean log : new boolean[] {false, true}) {
      String forward = log ? "logSoftmax" : "softmax";
      String back = forward + "Backward";
      for (int axis : new int[] {2, -3}) {
        refuse(forward, () -> softmax(backend(), log, x.array(), axis, out.array()), out);
        refuse(back, () -> backward(backend(), log, x.array(), x.array(), axis, out.array()), out);
      }
      for (NdArray wrong : List.of(other, wide, integers, dead)) {
        refuse(forward, () -> softmax(backend(), log, wrong, 1, out.array()), out);
        refuse(forward, () -> softmax(backend(), log, x.array(), 1, wrong), x);
        refuse(back, () -> backward(backend(), log, wrong, x.array(), 1, out.array()), out);
        refuse(back, () -> backward(backend(), log, x.array(), wrong, 1, out.array()), out);
        refuse(back, () -> backward(backend(), log, x.array(), x.array(), 1, wrong), x);
      }
      NdArray part = x.array().slice(0, 0, 2);
      NdArray shifted = x.array().slice(0, 1, 3);
      refuse(forward, () -> softmax(backend(), log, part, 1, shifted), x);
      refuse(back, () -> backward(backend(), log, part, part, 1, part), x);
      NdArray stretched = x.array().slice(0, 0, 1).broadcastTo(Shape.of(3, 4));
      refuse(forward, () -> softmax(backend(), log, out.array(), 1, stretched), x);
      NdArray scalar = given(DType.F32).array();
      refuse(forward, () -> softmax(backend(), log, scalar, 0, given(DType.F32).array()), x);
    }
  }

  private static void refuse(String operation, Runnable call, Placed... arrays) {
    Refusals.refused(operation, call, arrays);
  }

  private Placed given(DType dtype, int... dims) {
    return Placed.of(new Dice(5), dtype, Shape.of(dims), Placement.SLICED).on(backend());
  }
}
