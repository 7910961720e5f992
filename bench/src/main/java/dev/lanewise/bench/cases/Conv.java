package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import java.util.List;
import java.util.Locale;

/**
 * A convolution or one of its gradients.
 *
 * @param direction what is computed
 * @param geometry on which shapes
 */
public record Conv(Direction direction, ConvShape geometry) implements KernelCase {
  /** What is computed. */
  public enum Direction {
    /** The output. */
    FORWARD,
    /** The gradient by the input. */
    BACKWARD_DATA,
    /** The gradient by the filter. */
    BACKWARD_FILTER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public String kernel() {
    return "conv " + direction;
  }

  @Override
  public String shape() {
    return geometry.toString();
  }

  @Override
  public Work work() {
    ConvSpec spec = geometry.spec();
    double taps = (double) spec.filter().size() / spec.filter().dim(0);
    double elements = spec.input().size() + spec.filter().size() + spec.output().size();
    return Work.arithmetic(2 * taps * spec.output().size(), elements, DType.F32);
  }

  @Override
  public boolean isQuick() {
    return geometry != ConvShape.C64_K64 && geometry != ConvShape.FIVE;
  }

  /** {@return input and filter, output gradient and filter, or input and output gradient} */
  @Override
  public List<float[]> inputs() {
    ConvSpec spec = geometry.spec();
    return switch (direction) {
      case FORWARD -> List.of(random(spec.input(), 1), random(spec.filter(), 2));
      case BACKWARD_DATA -> List.of(random(spec.output(), 3), random(spec.filter(), 2));
      case BACKWARD_FILTER -> List.of(random(spec.input(), 1), random(spec.output(), 3));
    };
  }

  private static float[] random(Shape shape, long seed) {
    return RandomFloats.of((int) shape.size(), 1, seed);
  }

  /** {@return the shape of the answer} */
  public Shape answer() {
    ConvSpec spec = geometry.spec();
    return switch (direction) {
      case FORWARD -> spec.output();
      case BACKWARD_DATA -> spec.input();
      case BACKWARD_FILTER -> spec.filter();
    };
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    ConvSpec spec = geometry.spec();
    Scope scope = Scope.open(id());
    Shape first = direction == Direction.BACKWARD_DATA ? spec.output() : spec.input();
    Shape second = direction == Direction.BACKWARD_FILTER ? spec.output() : spec.filter();
    NdArray a = NdArray.of(backend, inputs.get(0), first.dims());
    NdArray b = NdArray.of(backend, inputs.get(1), second.dims());
    NdArray out = backend.uninitialized(DType.F32, answer());
    return Kernel.of(
        scope,
        out,
        switch (direction) {
          case FORWARD -> () -> backend.conv(spec, a, b, out);
          case BACKWARD_DATA -> () -> backend.convBackwardData(spec, a, b, out);
          case BACKWARD_FILTER -> () -> backend.convBackwardFilter(spec, a, b, out);
        });
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    ExactConv sums = new ExactConv(geometry.spec(), inputs.get(0), inputs.get(1));
    int size = (int) answer().size();
    long terms = (long) (work().flops() / 2) / size;
    return new Exact(
        size,
        terms,
        switch (direction) {
          case FORWARD -> sums::output;
          case BACKWARD_DATA -> sums::inputGradient;
          case BACKWARD_FILTER -> sums::filterGradient;
        });
  }
}
