package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link RowOperations#crossEntropy} and its gradient: labels of all kinds, smoothing, weights. */
public interface CrossEntropyContract extends BackendUnderTest {

  /**
   * A call.
   *
   * @param spec the axis and what is done with labels
   * @param x the logits
   * @param labels the labels
   * @param weight the weights
   * @param loss an output
   * @param grad an output; null if only the loss is asked for
   */
  record Call(
      CrossEntropySpec spec, Placed x, Placed labels, Placed weight, Placed loss, Placed grad) {

    /** {@return the outputs, the loss first, after the call ran on a backend} */
    Placed[] on(Backend backend) {
      Placed[] ins = {x.on(backend), labels.on(backend), weight.on(backend)};
      NdArray logits = ins[0].array();
      Placed losses = loss.on(backend);
      if (grad == null) {
        Judge.run(
            this::toString,
            () -> backend.crossEntropy(spec, logits, ins[1].array(), losses.array()));
      } else {
        Placed grads = grad.on(backend);
        Judge.run(
            this::toString,
            () ->
                backend.crossEntropyWithGradient(
                    spec, logits, ins[1].array(), ins[2].array(), losses.array(), grads.array()));
        unchanged(ins);
        return new Placed[] {losses, grads};
      }
      unchanged(ins);
      return new Placed[] {losses};
    }

    private void unchanged(Placed[] ins) {
      for (Placed in : ins) {
        in.assertUnchanged(toString());
      }
    }

    @Override
    public String toString() {
      return (grad == null ? "crossEntropy " : "crossEntropyWithGradient ")
          + spec
          + " of "
          + Judge.layouts(x, labels, weight)
          + " to "
          + loss
          + (grad == null ? "" : " and " + grad);
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void crossEntropyAndItsGradientAreAsExactAsPromised(
      @ForAll boolean gradient,
      @ForAll @IntRange(max = 2) int smoothing,
      @ForAll boolean ignoring,
      @ForAll boolean large,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    double s = List.of(0.0, 0.1, 1.0).get(smoothing);
    Call call = call(dice, dtype, shape, gradient, ignoring, s, in, out);
    Assume.that(call != null);
    double factor = large ? 50 : 1;
    call.x.filled(() -> factor * dice.normal());
    Placed[] expected = call.on(Placed.REFERENCE);
    judge(call, expected, call.on(backend()));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  default void nanAndInfinitiesStayInTheirRows(
      @ForAll boolean gradient,
      @ForAll boolean ignoring,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll long seed) {
    Assume.that(shape.rank() > 0);
    Dice dice = new Dice(seed);
    Call call = call(dice, dtype, shape, gradient, ignoring, 0, in, Placement.DENSE);
    Assume.that(call != null);
    call.x.filled(() -> Values.TIES.next(dice, dtype));
    Placed[] expected = call.on(Placed.REFERENCE);
    judge(call, expected, call.on(backend()));
  }

  /** {@return a call, or null if there are rows but no class to belong to} */
  private static Call call(
      Dice dice,
      DType dtype,
      Shape shape,
      boolean gradient,
      boolean ignoring,
      double smoothing,
      Placement in,
      Placement out) {
    CrossEntropySpec spec =
        CrossEntropySpec.of(shape, dice.between(-shape.rank(), shape.rank() - 1))
            .withLabelSmoothing(smoothing);
    int classes = spec.classes();
    boolean inRange = dice.oneIn(2) && classes > 0;
    long ignored = inRange ? dice.between(0, classes - 1) : -100;
    spec = ignoring ? spec.withIgnoredLabel(ignored) : spec;
    if (classes == 0 && !ignoring && spec.rows().size() > 0) {
      return null;
    }
    Placed labels =
        Placed.of(dice, dice.oneIn(2) ? DType.I64 : DType.I32, spec.rows(), in)
            .filled(
                () ->
                    classes == 0 || ignoring && dice.oneIn(4)
                        ? ignored
                        : dice.between(0, classes - 1));
    int[] dims = spec.rows().dims();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = dice.oneIn(3) ? 1 : dims[i];
    }
    Placed weight = Placed.of(dice, dtype, Shape.of(dims), in, Values.ORDINARY);
    return new Call(
        spec,
        Placed.of(dice, dtype, shape, in),
        labels,
        weight,
        Placed.of(dice, dtype, spec.rows(), out.writable()),
        gradient ? Placed.of(dice, dtype, shape, out.writable()) : null);
  }

  private static void judge(Call call, Placed[] expected, Placed[] actual) {
    RowLines rows = new RowLines(call.x.shape(), call.spec.axis());
    double eps = Judge.epsilon(call.x.dtype());
    double c = rows.c(call.x.layout().repeats());
    double s = call.spec.labelSmoothing();
    double[] x = call.x.numbers();
    long[] labels = call.labels.integers();
    double[] weights = call.weight.array().broadcastTo(call.spec.rows()).toDoubleArray();
    double[] losses = expected[0].numbers();
    double[] ofLoss = new double[losses.length];
    double[] ofGrad = new double[x.length];
    for (int r = 0; r < rows.count(); r++) {
      double m = rows.largest(r, x);
      int label = (int) labels[r];
      double picked =
          label < 0 || label >= rows.length() ? 0 : Math.abs(m - x[rows.place(r, label)]);
      double spread = s == 0 ? 0 : s / rows.length() * rows.sum(r, i -> Math.abs(m - x[i]));
      ofLoss[r] = eps * (c + Math.abs(losses[r]) + picked * 2 + spread * c);
      for (int i = 0; i < rows.length(); i++) {
        int at = rows.place(r, i);
        double distance = m - x[at];
        double y = Math.exp(-distance);
        // With the distance grows the error of the exponential, but it vanishes faster.
        double ofY = y == 0 ? 0 : y * (c + distance / 2);
        ofGrad[at] = eps * Math.abs(weights[r]) * (ofY + 3) + RowLines.tiny(call.x.dtype());
      }
    }
    Judge.within(call::toString, expected[0], actual[0], ofLoss);
    if (call.grad != null) {
      Judge.within(call::toString, expected[1], actual[1], ofGrad);
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  default void aLabelOutOfRangeIsRefusedAndNothingIsWritten(
      @ForAll boolean gradient,
      @ForAll boolean ignoring,
      @ForAll @IntRange(min = 1, max = 30) int classes,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll Placement placement,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Call call =
        call(dice, DType.F32, Shape.of(n, classes), gradient, false, 0, placement, placement);
    CrossEntropySpec spec = CrossEntropySpec.of(Shape.of(n, classes), 1);
    CrossEntropySpec strict = ignoring ? spec.withIgnoredLabel(-100) : spec;
    Placed labels =
        Placed.of(dice, DType.I64, Shape.of(n), placement.writable())
            .filled(() -> dice.between(0, classes - 1));
    long bad = dice.oneIn(2) ? classes + dice.between(0, 9) : -1 - dice.between(0, 9);
    labels.array().set(bad, dice.between(0, n - 1));
    Placed x = call.x.twin().filled(dice::normal).on(backend());
    Placed where = labels.twin().on(backend());
    Placed loss = call.loss.on(backend());
    if (gradient) {
      // The axis may be another one than the call's; only the shapes of x and its rows matter.
      Placed grad =
          Placed.of(dice, DType.F32, Shape.of(n, classes), Placement.SLICED).on(backend());
      Placed rows = Placed.of(dice, DType.F32, Shape.of(n), Placement.SLICED).on(backend());
      NdArray one = NdArray.of(backend(), new float[] {1});
      Refusals.refused(
          "crossEntropyWithGradient",
          () ->
              backend()
                  .crossEntropyWithGradient(
                      strict, x.array(), where.array(), one, rows.array(), grad.array()),
          rows,
          grad);
    } else {
      Placed rows = Placed.of(dice, DType.F32, Shape.of(n), Placement.SLICED).on(backend());
      Refusals.refused(
          "crossEntropy",
          () -> backend().crossEntropy(strict, x.array(), where.array(), rows.array()),
          rows,
          loss);
    }
  }

  @Example
  default void crossEntropyRefusesWrongArguments() {
    CrossEntropySpec spec = CrossEntropySpec.of(Shape.of(3, 4), -1);
    Placed x = given(DType.F32, 3, 4);
    Placed labels = given(DType.I32, 3);
    Placed loss = given(DType.F32, 3);
    Placed grad = given(DType.F32, 3, 4);
    Placed one = given(DType.F32, 1);
    List<NdArray> wrongLogits =
        List.of(
            given(DType.F32, 4, 3).array(),
            given(DType.F64, 3, 4).array(),
            Refusals.dead(backend(), DType.F32, 3, 4));
    List<NdArray> wrongLabels =
        List.of(
            given(DType.I32, 4).array(),
            given(DType.F32, 3).array(),
            given(DType.I32, 3, 1).array(),
            Refusals.dead(backend(), DType.I32, 3));
    List<NdArray> wrongRows =
        List.of(
            given(DType.F32, 4).array(),
            given(DType.F64, 3).array(),
            Refusals.dead(backend(), DType.F32, 3));
    for (NdArray w : wrongLogits) {
      forward(spec, w, labels.array(), loss.array(), loss);
      gradient(spec, w, labels.array(), one.array(), loss.array(), grad.array(), loss, grad);
      gradient(spec, x.array(), labels.array(), one.array(), loss.array(), w, loss, grad);
    }
    for (NdArray w : wrongLabels) {
      forward(spec, x.array(), w, loss.array(), loss);
      gradient(spec, x.array(), w, one.array(), loss.array(), grad.array(), loss, grad);
    }
    for (NdArray w : wrongRows) {
      forward(spec, x.array(), labels.array(), w, loss);
      gradient(spec, x.array(), labels.array(), one.array(), w, grad.array(), grad);
      gradient(spec, x.array(), labels.array(), w, loss.array(), grad.array(), loss, grad);
    }
    NdArray stretched = one.array().broadcastTo(Shape.of(3));
    forward(spec, x.array(), labels.array(), stretched, one);
    NdArray column = x.array().slice(1, 0, 1);
    NdArray inside = column.view(column.layout().reshape(Shape.of(3)));
    forward(spec, x.array(), labels.array(), inside, x);
    gradient(spec, x.array(), labels.array(), one.array(), loss.array(), x.array(), x, loss);
  }

  private void forward(
      CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss, Placed... unchanged) {
    Refusals.refused(
        "crossEntropy", () -> backend().crossEntropy(spec, x, labels, loss), unchanged);
  }

  private void gradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray grad,
      Placed... unchanged) {
    Refusals.refused(
        "crossEntropyWithGradient",
        () -> backend().crossEntropyWithGradient(spec, x, labels, weight, loss, grad),
        unchanged);
  }

  private Placed given(DType dtype, int... dims) {
    return Placed.of(new Dice(dims.length), dtype, Shape.of(dims), Placement.SLICED)
        .filled(() -> 0)
        .on(backend());
  }
}
