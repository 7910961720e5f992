package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import java.util.List;
import java.util.Locale;

/**
 * A product of matrices, {@code [m, k] · [k, n]}.
 *
 * @param dtype {@code F32} or {@code F64}
 * @param form how the operands lie in memory
 * @param m rows of the result
 * @param k length of the sums
 * @param n columns of the result
 */
public record Gemm(DType dtype, Form form, int m, int k, int n) implements KernelCase {
  /** How the operands lie in memory. */
  public enum Form {
    /** Both row-major. */
    NN,
    /** The first is stored transposed, as in a layer's gradient by its weights. */
    TN,
    /** The second is stored transposed, as in a layer's gradient by its input. */
    NT
  }

  @Override
  public String kernel() {
    return "gemm " + dtype.name().toLowerCase(Locale.ROOT) + " " + form;
  }

  @Override
  public String shape() {
    return m + "x" + k + "x" + n;
  }

  @Override
  public Work work() {
    double elements = (double) m * k + (double) k * n + (double) m * n;
    return Work.arithmetic(2.0 * m * k * n, elements, dtype);
  }

  @Override
  public boolean isQuick() {
    return (long) m * k * n <= 1L << 27;
  }

  /** {@return both matrices as they are stored, also for {@code F64}} */
  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(m * k, 1, 1), RandomFloats.of(k * n, 1, 2));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray a = stored(backend, inputs.get(0), m, k, form == Form.TN);
    NdArray b = stored(backend, inputs.get(1), k, n, form == Form.NT);
    NdArray out = backend.uninitialized(dtype, Shape.of(m, n));
    return Kernel.of(scope, out, () -> backend.matmul(a, b, 1, 0, out));
  }

  private NdArray stored(Backend backend, float[] values, int rows, int columns, boolean turned) {
    return turned
        ? Stored.of(backend, dtype, values, columns, rows).permute(1, 0)
        : Stored.of(backend, dtype, values, rows, columns);
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] a = inputs.get(0);
    float[] b = inputs.get(1);
    int aRow = form == Form.TN ? 1 : k;
    int aColumn = form == Form.TN ? m : 1;
    int bRow = form == Form.NT ? 1 : n;
    int bColumn = form == Form.NT ? k : 1;
    double unit = dtype == DType.F64 ? 0x1p-52 : 0x1p-24; // doubles are judged by doubles
    return new Exact(
        m * n,
        k,
        index -> {
          int i = index / n;
          int j = index % n;
          double sum = 0;
          double magnitudes = 0;
          for (int p = 0; p < k; p++) {
            double term = (double) a[i * aRow + p * aColumn] * b[p * bRow + j * bColumn];
            sum += term;
            magnitudes += Math.abs(term);
          }
          return Exact.Element.sum(sum, magnitudes, k, unit);
        });
  }
}
