package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.List;

/**
 * Max pooling of {@code [n, c, side, side]}, or its gradient.
 *
 * @param backward whether it is the gradient by the input
 * @param n samples
 * @param c channels
 * @param side height and width
 * @param kernelSide height and width of the window
 * @param stride its step
 * @param padding on each side
 */
public record MaxPool(
    boolean backward, int n, int c, int side, int kernelSide, int stride, int padding)
    implements KernelCase {
  @Override
  public String kernel() {
    return "maxpool " + (backward ? "backward" : "forward");
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

  /** {@return memory of the input, the output and the output's indices} */
  @Override
  public Work work() {
    return Work.memory(spec().input().size() + 2.0 * spec().output().size());
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
    NdArray indices = backend.uninitialized(DType.I32, spec.output());
    if (!backward) {
      return Kernel.of(scope, out, () -> backend.maxPool(spec, x, out, indices));
    }
    backend.maxPool(spec, x, out, indices);
    NdArray outGrad = NdArray.of(backend, inputs.get(1), spec.output().dims());
    NdArray xGrad = backend.uninitialized(DType.F32, spec.input());
    return Kernel.of(scope, xGrad, () -> backend.maxPoolBackward(spec, outGrad, indices, xGrad));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.get(0);
    int out = spec().output().dim(2);
    if (!backward) {
      return new Exact(
          (int) spec().output().size(),
          (long) kernelSide * kernelSide,
          index -> new Exact.Element(x[largest(x, out, index)], 0));
    }
    float[] outGrad = inputs.get(1);
    return new Exact(
        (int) spec().input().size(),
        (long) kernelSide * kernelSide * kernelSide * kernelSide,
        index -> gradient(x, outGrad, out, index));
  }

  /** {@return where the window of an output element has its first largest} */
  private int largest(float[] x, int out, int index) {
    int plane = index / (out * out);
    int y = index / out % out * stride - padding;
    int z = index % out * stride - padding;
    int best = -1;
    for (int i = Math.max(y, 0); i < Math.min(y + kernelSide, side); i++) {
      for (int j = Math.max(z, 0); j < Math.min(z + kernelSide, side); j++) {
        int at = (plane * side + i) * side + j;
        if (best < 0 || x[at] > x[best]) {
          best = at;
        }
      }
    }
    return best;
  }

  /** Adds the gradients of all windows that have their largest element here. */
  private Exact.Element gradient(float[] x, float[] outGrad, int out, int index) {
    int plane = index / (side * side);
    int y = index / side % side + padding;
    int z = index % side + padding;
    double sum = 0;
    double magnitudes = 0;
    for (int i = Math.max(0, y - kernelSide) / stride; i <= Math.min(y / stride, out - 1); i++) {
      for (int j = Math.max(0, z - kernelSide) / stride; j <= Math.min(z / stride, out - 1); j++) {
        int at = (plane * out + i) * out + j;
        if (largest(x, out, at) == index) {
          sum += outGrad[at];
          magnitudes += Math.abs(outGrad[at]);
        }
      }
    }
    return Exact.Element.sum(sum, magnitudes, 1, 0x1p-24);
  }
}
