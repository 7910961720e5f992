package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Pooling of {@code [n, c, side, side]}, or its gradient.
 *
 * @param kind what is taken of a window
 * @param backward whether it is the gradient by the input
 * @param n samples
 * @param c channels
 * @param side height and width
 * @param kernelSide height and width of the window
 * @param stride its step
 * @param padding on each side
 */
public record Pool(
    Kind kind, boolean backward, int n, int c, int side, int kernelSide, int stride, int padding)
    implements KernelCase {
  /** What is taken of a window. */
  public enum Kind {
    /** The largest element. */
    MAX,
    /** The mean, padding counted. */
    AVG
  }

  @Override
  public String kernel() {
    return kind.name().toLowerCase(Locale.ROOT) + "pool " + (backward ? "backward" : "forward");
  }

  @Override
  public String shape() {
    return "n%d c%d %dx%d %dx%d stride %d"
        .formatted(n, c, side, side, kernelSide, kernelSide, stride);
  }

  /** {@return the geometry} */
  public PoolSpec spec() {
    return PoolSpec.of(
        Shape.of(n, c, side, side),
        Window.of(kernelSide, kernelSide).withStride(stride, stride).withPadding(padding, padding));
  }

  /** {@return memory of the input, the output and, of maxima, the output's indices} */
  @Override
  public Work work() {
    int outputs = kind == Kind.MAX ? 2 : 1;
    return Work.memory(spec().input().size() + (double) outputs * spec().output().size());
  }

  @Override
  public boolean isQuick() {
    return spec().input().size() <= 1 << 22;
  }

  /** {@return the input, and the output's gradient} */
  @Override
  public List<float[]> inputs() {
    return List.of(
        RandomFloats.of((int) spec().input().size(), 1, 1),
        RandomFloats.of((int) spec().output().size(), 1, 2));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    PoolSpec spec = spec();
    Scope scope = Scope.open(id());
    NdArray x = NdArray.of(backend, inputs.get(0), spec.input().dims());
    NdArray out = backend.uninitialized(DType.F32, spec.output());
    NdArray outGrad = NdArray.of(backend, inputs.get(1), spec.output().dims());
    NdArray xGrad = backend.uninitialized(DType.F32, spec.input());
    if (kind == Kind.AVG) {
      return backward
          ? Kernel.of(scope, xGrad, () -> backend.avgPoolBackward(spec, true, outGrad, xGrad))
          : Kernel.of(scope, out, () -> backend.avgPool(spec, true, x, out));
    }
    NdArray indices = backend.uninitialized(DType.I32, spec.output());
    if (!backward) {
      return Kernel.of(scope, out, () -> backend.maxPool(spec, x, out, indices));
    }
    backend.maxPool(spec, x, out, indices);
    return Kernel.of(scope, xGrad, () -> backend.maxPoolBackward(spec, outGrad, indices, xGrad));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.get(0);
    int out = spec().output().dim(2);
    long taps = (long) kernelSide * kernelSide;
    if (backward) {
      return new Exact(
          (int) spec().input().size(),
          taps * taps,
          index -> gradient(x, inputs.get(1), out, index));
    }
    return new Exact(
        (int) spec().output().size(),
        taps,
        index ->
            switch (kind) {
              case MAX -> new Exact.Element(x[largest(x, out, index)], 0);
              case AVG -> mean(x, out, index);
            });
  }

  /** {@return where the elements of an output's window are, without the padding} */
  private int[] window(int out, int index) {
    int plane = index / (out * out);
    int y = index / out % out * stride - padding;
    int z = index % out * stride - padding;
    int[] places = new int[kernelSide * kernelSide];
    int count = 0;
    for (int i = Math.max(y, 0); i < Math.min(y + kernelSide, side); i++) {
      for (int j = Math.max(z, 0); j < Math.min(z + kernelSide, side); j++) {
        places[count++] = (plane * side + i) * side + j;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** {@return where the window of an output element has its first largest} */
  private int largest(float[] x, int out, int index) {
    int best = -1;
    for (int at : window(out, index)) {
      if (best < 0 || x[at] > x[best]) {
        best = at;
      }
    }
    return best;
  }

  private Exact.Element mean(float[] x, int out, int index) {
    double sum = 0;
    double magnitudes = 0;
    for (int at : window(out, index)) {
      sum += x[at];
      magnitudes += Math.abs(x[at]);
    }
    int taps = kernelSide * kernelSide;
    return Exact.Element.sum(sum / taps, magnitudes / taps, taps, 0x1p-24);
  }

  /** Adds the gradients of all windows that an element is in, or is the largest of. */
  private Exact.Element gradient(float[] x, float[] outGrad, int out, int index) {
    int plane = index / (side * side);
    int y = index / side % side + padding;
    int z = index % side + padding;
    double sum = 0;
    double magnitudes = 0;
    for (int i = Math.max(0, y - kernelSide) / stride; i <= Math.min(y / stride, out - 1); i++) {
      for (int j = Math.max(0, z - kernelSide) / stride; j <= Math.min(z / stride, out - 1); j++) {
        int at = (plane * out + i) * out + j;
        double share =
            switch (kind) {
              case MAX -> largest(x, out, at) == index ? 1 : 0;
              case AVG -> covers(i, y) && covers(j, z) ? 1.0 / (kernelSide * kernelSide) : 0;
            };
        sum += share * outGrad[at];
        magnitudes += share * Math.abs(outGrad[at]);
      }
    }
    return Exact.Element.sum(sum, magnitudes, 1, 0x1p-24);
  }

  /** {@return whether a window holds a place, both counted with the padding} */
  private boolean covers(int window, int place) {
    return window * stride <= place && place < window * stride + kernelSide;
  }
}
