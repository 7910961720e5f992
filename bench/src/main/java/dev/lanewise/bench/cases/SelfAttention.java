package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Backend;
import java.util.List;

/**
 * Scaled dot-product attention of {@code [batch, heads, n, d]}, or its three gradients.
 *
 * @param backward whether it is the gradients by queries, keys and values
 * @param causal whether a query sees no later keys
 * @param batch samples
 * @param heads heads
 * @param n queries, and keys
 * @param d how long a query, a key and a value is
 */
public record SelfAttention(boolean backward, boolean causal, int batch, int heads, int n, int d)
    implements KernelCase {
  @Override
  public String kernel() {
    return "attention " + (backward ? "backward" : "forward");
  }

  @Override
  public String shape() {
    return "n%d h%d %dx%d%s".formatted(batch, heads, n, d, causal ? " causal" : "");
  }

  /** {@return the shape of queries, keys, values and output} */
  public Shape dims() {
    return Shape.of(batch, heads, n, d);
  }

  private AttentionSpec spec() {
    AttentionSpec spec = AttentionSpec.of(dims(), dims(), dims());
    return causal ? spec.causal() : spec;
  }

  /**
   * {@return the arithmetic of two products for each query and key that it sees, or of five for the
   * gradients, where the scores are computed once more}
   */
  @Override
  public Work work() {
    double seen = (double) batch * heads * n * (causal ? (n + 1) / 2.0 : n);
    int products = backward ? 5 : 2;
    int arrays = backward ? 8 : 4;
    return Work.arithmetic(2.0 * products * d * seen, (double) arrays * dims().size(), DType.F32);
  }

  @Override
  public boolean isQuick() {
    return n <= 128;
  }

  /** {@return queries, keys, values and the output's gradient} */
  @Override
  public List<float[]> inputs() {
    int size = (int) dims().size();
    return List.of(
        RandomFloats.of(size, 2, 1),
        RandomFloats.of(size, 2, 2),
        RandomFloats.of(size, 1, 3),
        RandomFloats.of(size, 1, 4));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    AttentionSpec spec = spec();
    int[] dims = dims().dims();
    NdArray q = NdArray.of(backend, inputs.get(0), dims);
    NdArray k = NdArray.of(backend, inputs.get(1), dims);
    NdArray v = NdArray.of(backend, inputs.get(2), dims);
    NdArray out = backend.uninitialized(DType.F32, spec.output());
    NdArray sums = backend.uninitialized(DType.F32, spec.rows());
    Runnable forward = () -> backend.attention(spec, q, k, v, null, out, sums);
    if (!backward) {
      return Kernel.of(scope, out, forward);
    }
    forward.run();
    NdArray outGrad = NdArray.of(backend, inputs.get(3), dims);
    NdArray qGrad = backend.uninitialized(DType.F32, dims());
    NdArray kGrad = backend.uninitialized(DType.F32, dims());
    NdArray vGrad = backend.uninitialized(DType.F32, dims());
    return Kernel.of(
        scope,
        List.of(qGrad, kGrad, vGrad),
        () ->
            backend.attentionBackward(
                spec, q, k, v, null, out, sums, outGrad, qGrad, kGrad, vGrad));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    ExactAttention exact = new ExactAttention(spec(), inputs);
    int size = (int) dims().size();
    return backward
        ? new Exact(3 * size, 2L * n * d, exact::gradient)
        : new Exact(size, (long) n * d, exact::output);
  }
}
