package dev.lanewise.bench.peer;

import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.Kernel;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The calls of the C interface of BLAS that take vectors, on memory of their own. */
final class CblasVectors {
  /** {@code cblas_sgemv}, as C declares it. */
  @FunctionalInterface
  public interface Sgemv {
    /** Computes {@code y = alpha · a · x + beta · y}. */
    void call(
        int order,
        int trans,
        int m,
        int n,
        float alpha,
        MemorySegment a,
        int lda,
        MemorySegment x,
        int incX,
        float beta,
        MemorySegment y,
        int incY);
  }

  /** {@code cblas_sdot}, as C declares it. */
  @FunctionalInterface
  public interface Sdot {
    /** {@return the sum of products} */
    float call(int n, MemorySegment x, int incX, MemorySegment y, int incY);
  }

  /** {@code cblas_saxpy}, as C declares it. */
  @FunctionalInterface
  public interface Saxpy {
    /** Computes {@code y += alpha · x}. */
    void call(int n, float alpha, MemorySegment x, int incX, MemorySegment y, int incY);
  }

  private final Sgemv sgemv;
  private final Sdot sdot;
  private final Saxpy saxpy;

  /** Looks the functions of a library up. */
  CblasVectors(Cblas blas) {
    ValueLayout i = ValueLayout.JAVA_INT;
    ValueLayout f = ValueLayout.JAVA_FLOAT;
    AddressLayout p = ValueLayout.ADDRESS;
    sgemv =
        Cblas.proxy(
            Sgemv.class,
            blas.function(
                "cblas_sgemv", FunctionDescriptor.ofVoid(i, i, i, i, f, p, i, p, i, f, p, i)));
    sdot =
        Cblas.proxy(
            Sdot.class, blas.function("cblas_sdot", FunctionDescriptor.of(f, i, p, i, p, i)));
    saxpy =
        Cblas.proxy(
            Saxpy.class, blas.function("cblas_saxpy", FunctionDescriptor.ofVoid(i, f, p, i, p, i)));
  }

  Kernel prepare(ArrayBlas blas, List<float[]> inputs) {
    Arena arena = Arena.ofShared();
    int m = blas.m();
    int n = blas.n();
    MemorySegment a = copied(arena, inputs.get(0));
    MemorySegment x = copied(arena, inputs.get(1));
    MemorySegment y = arena.allocate(Float.BYTES * (long) Math.max(m, n), 64);
    return switch (blas.op()) {
      case SGEMV -> kernel(arena, y, () -> product(Cblas.AS_IT_IS, m, n, a, x, y));
      case SGEMV_T -> kernel(arena, y, () -> product(Cblas.TRANSPOSED, m, n, a, x, y));
      case SDOT ->
          kernel(arena, y, () -> y.setAtIndex(ValueLayout.JAVA_FLOAT, 0, sdot.call(n, a, 1, x, 1)));
      case SAXPY -> kernel(arena, x, () -> saxpy.call(n, ArrayBlas.ALPHA, a, 1, x, 1));
    };
  }

  private static MemorySegment copied(Arena arena, float[] values) {
    MemorySegment segment = arena.allocate(Float.BYTES * (long) values.length, 64);
    return segment.copyFrom(MemorySegment.ofArray(values));
  }

  private void product(int trans, int m, int n, MemorySegment a, MemorySegment x, MemorySegment y) {
    sgemv.call(Cblas.ROW_MAJOR, trans, m, n, 1, a, n, x, 1, 0, y, 1);
  }

  private static Kernel kernel(Arena arena, MemorySegment out, Runnable computation) {
    return new Kernel() {
      @Override
      public void run() {
        computation.run();
      }

      @Override
      public double element(int index) {
        return out.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      }

      @Override
      public void close() {
        arena.close();
      }
    };
  }
}
