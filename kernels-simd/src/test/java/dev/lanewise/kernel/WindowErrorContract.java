package dev.lanewise.kernel;

import static dev.lanewise.kernel.Refusals.refused;
import static dev.lanewise.kernel.Refusals.refusedAsDead;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Example;

/** Wrong arguments of convolutions and poolings: as in {@link ErrorContract}. */
public interface WindowErrorContract extends BackendUnderTest {

  /** A call with three arrays, of which the last is the output. */
  interface Call {
    void run(NdArray first, NdArray second, NdArray out);
  }

  @Example
  default void convolutionsRefuseWrongArguments() {
    Shape x = Shape.of(2, 4, 6, 6);
    Shape w = Shape.of(6, 2, 3, 3);
    ConvSpec spec = ConvSpec.of(x, w, Window.of(3, 3), 2);
    Shape y = spec.output();
    refuseThree("conv", (a, b, out) -> backend().conv(spec, a, b, out), x, w, y);
    refuseThree(
        "convBackwardData", (a, b, out) -> backend().convBackwardData(spec, a, b, out), y, w, x);
    refuseThree(
        "convBackwardFilter",
        (a, b, out) -> backend().convBackwardFilter(spec, a, b, out),
        x,
        y,
        w);
  }

  @Example
  default void convolutionsRefuseWrongArgumentsOfWhatFollows() {
    ConvSpec spec = ConvSpec.of(Shape.of(2, 4, 6, 6), Shape.of(6, 4, 3, 3), Window.of(3, 3), 1);
    NdArray x = given(DType.F32, spec.input()).array();
    NdArray w = given(DType.F32, spec.filter()).array();
    Placed y = given(DType.F32, spec.output());
    Expr sum = Expr.arg(0).add(Expr.arg(1));
    List<NdArray> wrong =
        List.of(
            given(DType.F32, Shape.of(6)).array(),
            given(DType.F64, Shape.of(6, 1, 1)).array(),
            y.array());
    for (NdArray in : wrong) {
      refused("conv", () -> backend().conv(spec, x, w, y.array(), sum, new double[0], in), y);
    }
    refused("conv", () -> backend().conv(spec, x, w, y.array(), sum, new double[0]), y);
    NdArray dead = dead(DType.F32, Shape.of(6, 1, 1));
    refusedAsDead("conv", () -> backend().conv(spec, x, w, y.array(), sum, new double[0], dead), y);
  }

  private void refuseThree(String operation, Call call, Shape first, Shape second, Shape out) {
    NdArray a = given(DType.F32, first).array();
    NdArray b = given(DType.F32, second).array();
    Placed c = given(DType.F32, out);
    for (Shape wrong : wrong(first)) {
      refused(operation, () -> call.run(given(DType.F32, wrong).array(), b, c.array()), c);
    }
    for (Shape wrong : wrong(second)) {
      refused(operation, () -> call.run(a, given(DType.F32, wrong).array(), c.array()), c);
    }
    for (Shape wrong : wrong(out)) {
      Placed bad = given(DType.F32, wrong);
      refused(operation, () -> call.run(a, b, bad.array()), bad);
    }
    for (DType type : List.of(DType.F64, DType.I32, DType.F16)) {
      refused(operation, () -> call.run(given(type, first).array(), b, c.array()), c);
      refused(operation, () -> call.run(a, given(type, second).array(), c.array()), c);
      Placed bad = given(type, out);
      refused(operation, () -> call.run(a, b, bad.array()), bad);
    }
    Placed one = given(DType.F32, Shape.of(1));
    refused(operation, () -> call.run(a, b, one.array().broadcastTo(out)), one);
    refusedAsDead(operation, () -> call.run(dead(DType.F32, first), b, c.array()), c);
    refusedAsDead(operation, () -> call.run(a, dead(DType.F32, second), c.array()), c);
    refusedAsDead(operation, () -> call.run(a, b, dead(DType.F32, out)));

    // Both in one storage, the output one element further than the argument.
    int length = (int) Math.max(out.size(), Math.max(first.size(), second.size())) + 1;
    Placed shared = given(DType.F32, Shape.of(length));
    NdArray over = part(shared, 1, out);
    refused(operation, () -> call.run(part(shared, 0, first), b, over), shared);
    refused(operation, () -> call.run(a, part(shared, 0, second), over), shared);
  }

  @Example
  default void maxPoolRefusesWrongArguments() {
    PoolSpec spec = PoolSpec.of(Shape.of(2, 3, 6, 6), Window.of(2, 2).withStride(2, 2));
    Placed x = given(DType.F32, spec.input());
    Placed y = given(DType.F32, spec.output());
    Placed places = given(DType.I32, spec.output());
    for (Shape wrong : wrong(spec.input())) {
      pool(spec, given(DType.F32, wrong), y, places);
    }
    for (Shape wrong : wrong(spec.output())) {
      pool(spec, x, given(DType.F32, wrong), places);
      pool(spec, x, y, given(DType.I32, wrong));
    }
    pool(spec, given(DType.F64, spec.input()), y, places);
    pool(spec, x, given(DType.F64, spec.output()), places);
    pool(spec, x, y, given(DType.I64, spec.output()));
    pool(spec, x, y, given(DType.F32, spec.output()));
    NdArray dead = dead(DType.F32, spec.input());
    refusedAsDead(
        "maxPool", () -> backend().maxPool(spec, dead, y.array(), places.array()), y, places);
    refusedAsDead(
        "maxPoolBackward", () -> backend().maxPoolBackward(spec, y.array(), places.array(), dead));
    Placed shared = given(DType.F32, Shape.of((int) spec.input().size() + 1));
    NdArray in = part(shared, 0, spec.input());
    NdArray out = part(shared, 1, spec.output());
    refused("maxPool", () -> backend().maxPool(spec, in, out, places.array()), shared, places);
    refused(
        "maxPoolBackward", () -> backend().maxPoolBackward(spec, out, places.array(), in), shared);
  }

  @Example
  default void avgPoolRefusesWrongArguments() {
    PoolSpec spec = PoolSpec.of(Shape.of(2, 3, 6, 6), Window.of(2, 2).withStride(2, 2));
    Placed x = given(DType.F32, spec.input());
    Placed y = given(DType.F32, spec.output());
    for (Shape wrong : wrong(spec.input())) {
      average(spec, given(DType.F32, wrong), y);
    }
    for (Shape wrong : wrong(spec.output())) {
      average(spec, x, given(DType.F32, wrong));
    }
    for (DType type : List.of(DType.F64, DType.I32, DType.F16)) {
      average(spec, given(type, spec.input()), y);
      average(spec, x, given(type, spec.output()));
    }
    NdArray dead = dead(DType.F32, spec.input());
    refusedAsDead("avgPool", () -> backend().avgPool(spec, true, dead, y.array()), y);
    refusedAsDead(
        "avgPoolBackward", () -> backend().avgPoolBackward(spec, true, y.array(), dead), y);
    Placed shared = given(DType.F32, Shape.of((int) spec.input().size() + 1));
    average(
        spec,
        () -> part(shared, 0, spec.input()),
        () -> part(shared, 1, spec.output()),
        new Placed[] {shared});
  }

  private void average(PoolSpec spec, Placed x, Placed y) {
    average(spec, x::array, y::array, new Placed[] {x, y});
  }

  private void average(
      PoolSpec spec, Supplier<NdArray> x, Supplier<NdArray> y, Placed[] unchanged) {
    refused("avgPool", () -> backend().avgPool(spec, true, x.get(), y.get()), unchanged);
    refused(
        "avgPoolBackward",
        () -> backend().avgPoolBackward(spec, true, y.get(), x.get()),
        unchanged);
  }

  private void pool(PoolSpec spec, Placed x, Placed y, Placed places) {
    refused(
        "maxPool", () -> backend().maxPool(spec, x.array(), y.array(), places.array()), y, places);
    refused(
        "maxPoolBackward",
        () -> backend().maxPoolBackward(spec, y.array(), places.array(), x.array()),
        x);
  }

  @Example
  default void maxPoolBackwardRefusesIndicesOutOfRange() {
    PoolSpec spec = PoolSpec.of(Shape.of(1, 2, 5, 5), Window.of(2, 2));
    Placed grad = given(DType.F32, spec.output());
    Placed xGrad = given(DType.F32, spec.input());
    for (int bad : new int[] {-1, 25, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (Placement placement : new Placement[] {Placement.DENSE, Placement.MIXED}) {
        Placed places =
            Placed.of(new Dice(bad), DType.I32, spec.output(), placement).filled(() -> 24);
        places.array().set(bad, 0, 1, 3, 3);
        NdArray indices = places.on(backend()).array();
        refused(
            "maxPoolBackward",
            () -> backend().maxPoolBackward(spec, grad.array(), indices, xGrad.array()),
            xGrad);
      }
    }
  }

  /** {@return a shape with another extent, and one with another rank} */
  private static List<Shape> wrong(Shape shape) {
    int[] longer = shape.dims();
    longer[shape.rank() - 1]++;
    int[] fewer = new int[] {(int) shape.size()};
    return List.of(Shape.of(longer), Shape.of(fewer));
  }

  private static NdArray part(Placed line, int from, Shape shape) {
    return line.view(line.layout().slice(0, from, from + (int) shape.size(), 1).reshape(shape));
  }

  private Placed given(DType dtype, Shape shape) {
    return Placed.of(new Dice(1), dtype, shape, Placement.OFFSET).filled(() -> 0).on(backend());
  }

  private NdArray dead(DType dtype, Shape shape) {
    return Refusals.dead(backend(), dtype, shape.dims());
  }
}
