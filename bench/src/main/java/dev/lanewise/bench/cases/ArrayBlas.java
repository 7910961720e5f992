package dev.lanewise.bench.cases;

import dev.lanewise.bench.RandomFloats;
import dev.lanewise.blas.Blas;
import dev.lanewise.blas.Transpose;
import dev.lanewise.kernel.Backend;
import java.util.List;
import java.util.Locale;

/**
 * A call of {@link Blas} with a vector, on Java's arrays. It is that of SIMD, whichever backend is
 * asked for. The answer of saxpy is that of the first call.
 *
 * @param op which call
 * @param m rows of the matrix; 1 where there is none
 * @param n columns of the matrix, or the length of the vectors
 */
public record ArrayBlas(Op op, int m, int n) implements KernelCase {
  /** The factor of saxpy: small, so that sums stay finite for any number of calls. */
  public static final float ALPHA = 1e-3f;

  /** Which call. */
  public enum Op {
    /** A matrix by a vector. */
    SGEMV,
    /** A transposed matrix by a vector. */
    SGEMV_T,
    /** The sum of two vectors' products. */
    SDOT,
    /** A multiple of one vector added to another. */
    SAXPY
  }

  @Override
  public String kernel() {
    return op.name().toLowerCase(Locale.ROOT).replace("_t", " T");
  }

  @Override
  public String shape() {
    return isProduct() ? m + "x" + n : Lengths.text(n);
  }

  private boolean isProduct() {
    return op == Op.SGEMV || op == Op.SGEMV_T;
  }

  @Override
  public Work work() {
    return Work.memory(
        switch (op) {
          case SGEMV, SGEMV_T -> (double) m * n + m + n;
          case SDOT -> 2.0 * n;
          case SAXPY -> 3.0 * n;
        });
  }

  @Override
  public boolean isQuick() {
    return m * n <= 1 << 18;
  }

  /** {@return the matrix, or the first vector; and a vector} */
  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(m * n, 1, 1), RandomFloats.of(op == Op.SGEMV_T ? m : n, 1, 2));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    float[] a = inputs.get(0);
    float[] x = inputs.get(1);
    return switch (op) {
      case SGEMV -> {
        float[] y = new float[m];
        yield kernel(y, () -> Blas.sgemv(Transpose.NO, m, n, 1, a, 0, n, x, 0, 1, 0, y, 0, 1, 0));
      }
      case SGEMV_T -> {
        float[] y = new float[n];
        yield kernel(y, () -> Blas.sgemv(Transpose.YES, m, n, 1, a, 0, n, x, 0, 1, 0, y, 0, 1, 0));
      }
      case SDOT -> {
        float[] sum = new float[1];
        yield kernel(sum, () -> sum[0] = Blas.sdot(n, a, 0, 1, x, 0, 1));
      }
      case SAXPY -> {
        float[] y = x.clone();
        yield kernel(y, () -> Blas.saxpy(n, ALPHA, a, 0, 1, y, 0, 1));
      }
    };
  }

  private static Kernel kernel(float[] out, Runnable computation) {
    return new Kernel() {
      @Override
      public void run() {
        computation.run();
      }

      @Override
      public double element(int index) {
        return out[index];
      }

      @Override
      public void close() {
        // Java's arrays need no closing.
      }
    };
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] a = inputs.get(0);
    float[] x = inputs.get(1);
    return switch (op) {
      case SGEMV -> new Exact(m, n, row -> dot(a, row * n, 1, x));
      case SGEMV_T -> new Exact(n, m, column -> dot(a, column, n, x));
      case SDOT -> new Exact(1, n, _ -> dot(a, 0, 1, x));
      case SAXPY ->
          new Exact(
              n,
              1,
              index -> {
                double exact = (double) ALPHA * a[index] + x[index];
                return new Exact.Element(exact, 0x1p-23);
              });
    };
  }

  private static Exact.Element dot(float[] a, int first, int step, float[] x) {
    double sum = 0;
    double magnitudes = 0;
    for (int i = 0; i < x.length; i++) {
      double term = (double) a[first + i * step] * x[i];
      sum += term;
      magnitudes += Math.abs(term);
    }
    return Exact.Element.sum(sum, magnitudes, x.length, 0x1p-24);
  }
}
