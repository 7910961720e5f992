package dev.lanewise.cuda;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Window;
import java.util.Arrays;

/**
 * Convolutions and their gradients by cuDNN, which knows no padding that differs between the sides
 * of an axis: what one side has more is put around the images beforehand, or cut off afterwards.
 */
final class Convolution implements AutoCloseable {
  private static final int MOST_PLANS = 512;
  private static final double[] NONE = {};

  private final CudaBackend backend;
  private final Dnn dnn;
  private final boolean tf32;
  private final PlanCache<ConvolutionPlan.Key, ConvolutionPlan> plans = new PlanCache<>(MOST_PLANS);

  Convolution(CudaBackend backend, Dnn dnn, boolean tf32) {
    this.backend = backend;
    this.dnn = dnn;
    this.tf32 = tf32;
  }

  void forward(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    spec.checkForward(x, filter, out);
    if (isDone(out, x, filter)) {
      return;
    }
    try (Operation operation = backend.device().begin("conv", x, filter, out);
        Scope _ = Scope.open("conv temporaries")) {
      ConvSpec even = even(spec);
      NdArray to = dnn.target(out);
      run(
          operation,
          ConvolutionDirection.FORWARD,
          even,
          padded(even, spec, x),
          dnn.plain(filter),
          to);
      dnn.deliver(to, out);
    }
  }

  void backwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    spec.checkBackwardData(outGrad, filter, xGrad);
    if (isDone(xGrad, outGrad, filter)) {
      return;
    }
    try (Operation operation = backend.device().begin("convBackwardData", outGrad, filter, xGrad);
        Scope _ = Scope.open("convBackwardData temporaries")) {
      ConvSpec even = even(spec);
      NdArray to =
          even == spec ? dnn.target(xGrad) : backend.uninitialized(xGrad.dtype(), even.input());
      ConvSpec whole = needsSpreading(even.window()) ? spread(even) : even;
      run(
          operation,
          ConvolutionDirection.BACKWARD_DATA,
          whole,
          to,
          whole == even ? dnn.plain(filter) : spread(even.window(), filter, whole.filter()),
          dnn.plain(outGrad));
      dnn.deliver(even == spec ? to : inner(even, spec, to), xGrad);
    }
  }

  void backwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    spec.checkBackwardFilter(x, outGrad, filterGrad);
    if (isDone(filterGrad, x, outGrad)) {
      return;
    }
    try (Operation operation =
            backend.device().begin("convBackwardFilter", x, outGrad, filterGrad);
        Scope _ = Scope.open("convBackwardFilter temporaries")) {
      ConvSpec even = even(spec);
      NdArray to = dnn.target(filterGrad);
      run(
          operation,
          ConvolutionDirection.BACKWARD_FILTER,
          even,
          padded(even, spec, x),
          to,
          dnn.plain(outGrad));
      dnn.deliver(to, filterGrad);
    }
  }

  /** cuDNN has no empty arrays: sums of nothing are 0. */
  private boolean isDone(NdArray result, NdArray first, NdArray second) {
    if (result.size() > 0 && (first.size() == 0 || second.size() == 0)) {
      backend.elementwise(Expr.constant(0), result, NONE);
    }
    return result.size() == 0 || first.size() == 0 || second.size() == 0;
  }

  /** {@return the same convolution with the same padding on both sides of each axis} */
  private static ConvSpec even(ConvSpec spec) {
    Window window = spec.window();
    if (DnnWindow.isEven(window)) {
      return spec;
    }
    int[] input = spec.input().dims();
    int[] padding = new int[window.rank()];
    for (int i = 0; i < padding.length; i++) {
      padding[i] = Math.min(window.padLow(i), window.padHigh(i));
      input[i + 2] += window.padLow(i) + window.padHigh(i) - 2 * padding[i];
    }
    return ConvSpec.of(Shape.of(input), spec.filter(), window.withPadding(padding), spec.groups());
  }

  /**
   * {@return whether cuDNN has no deterministic algorithm for a gradient by the input} It has none
   * for windows with gaps along three axes.
   */
  private static boolean needsSpreading(Window window) {
    boolean gaps = false;
    for (int i = 0; i < window.rank(); i++) {
      gaps |= window.dilation(i) > 1 && window.kernel(i) > 1;
    }
    return gaps && window.rank() == 3;
  }

  /** {@return the same convolution with zeros of the filter for the gaps of its window} */
  private static ConvSpec spread(ConvSpec spec) {
    Window window = spec.window();
    int[] filter = spec.filter().dims();
    int[] padding = new int[window.rank()];
    int[] stride = new int[window.rank()];
    for (int i = 0; i < window.rank(); i++) {
      filter[i + 2] = window.dilation(i) * (window.kernel(i) - 1) + 1;
      padding[i] = window.padLow(i);
      stride[i] = window.stride(i);
    }
    Window whole = Window.of(Arrays.copyOfRange(filter, 2, filter.length));
    whole = whole.withStride(stride).withPadding(padding);
    return ConvSpec.of(spec.input(), Shape.of(filter), whole, spec.groups());
  }

  /** {@return a filter with zeros in the gaps of its window, of the shape that it has then} */
  private NdArray spread(Window window, NdArray filter, Shape shape) {
    NdArray whole = NdArray.zeros(backend, filter.dtype(), shape);
    Layout taps = whole.layout();
    for (int i = 0; i < window.rank(); i++) {
      taps = taps.slice(i + 2, 0, shape.dim(i + 2), window.dilation(i));
    }
    backend.copy(filter, whole.view(taps));
    return whole;
  }

  /** {@return where an image lies in one that is extended on one side of some axes} */
  private static NdArray inner(ConvSpec even, ConvSpec spec, NdArray extended) {
    NdArray inner = extended;
    for (int i = 0; i < spec.window().rank(); i++) {
      int from = spec.window().padLow(i) - even.window().padLow(i);
      inner = inner.slice(i + 2, from, from + spec.input().dim(i + 2));
    }
    return inner;
  }

  /** {@return the images as cuDNN takes them} */
  private NdArray padded(ConvSpec even, ConvSpec spec, NdArray x) {
    if (even == spec) {
      return dnn.plain(x);
    }
    NdArray extended = NdArray.zeros(backend, x.dtype(), even.input());
    backend.copy(x, inner(even, spec, extended));
    return extended;
  }

  /**
   * Computes one array from the other two, some images at a time if they have more elements than
   * cuDNN can count.
   */
  private void run(
      Operation operation,
      ConvolutionDirection direction,
      ConvSpec spec,
      NdArray input,
      NdArray filter,
      NdArray output) {
    int n = spec.input().dim(0);
    long image = Math.max(spec.input().size(), spec.output().size()) / n;
    int atOnce = Dnn.atOnce(n, image);
    long ofInput = spec.input().size() / n * input.dtype().byteSize();
    long ofOutput = spec.output().size() / n * input.dtype().byteSize();
    for (int from = 0; from < n; from += atOnce) {
      ConvSpec part = images(spec, Math.min(atOnce, n - from));
      ConvolutionPlan plan =
          plans.get(
              new ConvolutionPlan.Key(direction, part, input.dtype(), tf32),
              key -> new ConvolutionPlan(dnn.handle(), key));
      ConvolutionDirection.Arrays arrays =
          new ConvolutionDirection.Arrays(
              Dnn.at(operation.address(input) + from * ofInput),
              Dnn.at(operation.address(filter)),
              Dnn.at(operation.address(output) + from * ofOutput));
      boolean add = direction == ConvolutionDirection.BACKWARD_FILTER && from > 0;
      plan.run(operation, dnn.handle(), arrays, add);
    }
  }

  private static ConvSpec images(ConvSpec spec, int count) {
    if (count == spec.input().dim(0)) {
      return spec;
    }
    int[] input = spec.input().dims();
    input[0] = count;
    return ConvSpec.of(Shape.of(input), spec.filter(), spec.window(), spec.groups());
  }

  @Override
  public void close() {
    plans.close();
  }
}
