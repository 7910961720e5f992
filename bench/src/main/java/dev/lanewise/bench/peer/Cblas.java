package dev.lanewise.bench.peer;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A library with the C interface of BLAS, called through the Foreign Function and Memory API. */
final class Cblas {
  static final int ROW_MAJOR = 101;
  static final int AS_IT_IS = 111;
  static final int TRANSPOSED = 112;

  /** {@code cblas_sgemm}, as C declares it. */
  @FunctionalInterface
  public interface Sgemm {
    /** Computes {@code c = alpha · a · b + beta · c}. */
    void call(
        int order,
        int transA,
        int transB,
        int m,
        int n,
        int k,
        float alpha,
        MemorySegment a,
        int lda,
        MemorySegment b,
        int ldb,
        float beta,
        MemorySegment c,
        int ldc);
  }

  /** {@code cblas_dgemm}, as C declares it. */
  @FunctionalInterface
  public interface Dgemm {
    /** Computes {@code c = alpha · a · b + beta · c}. */
    void call(
        int order,
        int transA,
        int transB,
        int m,
        int n,
        int k,
        double alpha,
        MemorySegment a,
        int lda,
        MemorySegment b,
        int ldb,
        double beta,
        MemorySegment c,
        int ldc);
  }

  private static final Linker LINKER = Linker.nativeLinker();

  private final SymbolLookup symbols;
  private final Sgemm sgemm;
  private final Dgemm dgemm;
  private final CblasVectors vectors;

  /** Loads a library, for the life of the JVM. */
  @SuppressWarnings("restricted")
  Cblas(Path library) {
    symbols = SymbolLookup.libraryLookup(library, Arena.global());
    sgemm = proxy(Sgemm.class, function("cblas_sgemm", gemm(ValueLayout.JAVA_FLOAT)));
    dgemm = proxy(Dgemm.class, function("cblas_dgemm", gemm(ValueLayout.JAVA_DOUBLE)));
    vectors = new CblasVectors(this);
  }

  /** Calls through it are as fast as those of a constant handle. */
  static <T> T proxy(Class<T> type, MethodHandle handle) {
    return MethodHandleProxies.asInterfaceInstance(type, handle);
  }

  private static FunctionDescriptor gemm(MemoryLayout scalar) {
    ValueLayout i = ValueLayout.JAVA_INT;
    AddressLayout p = ValueLayout.ADDRESS;
    return FunctionDescriptor.ofVoid(i, i, i, i, i, i, scalar, p, i, p, i, scalar, p, i);
  }

  /** {@return a function of the library} */
  @SuppressWarnings("restricted")
  MethodHandle function(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(symbols.findOrThrow(name), type);
  }

  /** Calls a function that takes one number. */
  void call(String name, int argument) {
    MethodHandle handle = function(name, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    try {
      handle.invokeExact(argument);
    } catch (Throwable e) {
      throw new IllegalStateException(name + " failed", e);
    }
  }

  /** {@return the text that a function without arguments gives} */
  @SuppressWarnings("restricted")
  String text(String name) {
    MethodHandle handle = function(name, FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      MemorySegment text = (MemorySegment) handle.invokeExact();
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException(name + " failed", e);
    }
  }

  /** {@return the kernel of a matrix product or a call with vectors, empty for anything else} */
  Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
    return switch (kernelCase) {
      case Gemm gemm -> Optional.of(new Product(gemm, inputs));
      case ArrayBlas blas -> Optional.of(vectors.prepare(blas, inputs));
      default -> Optional.empty();
    };
  }

  private final class Product implements Kernel {
    private final Arena arena = Arena.ofShared();
    private final Gemm gemm;
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;

    Product(Gemm gemm, List<float[]> inputs) {
      this.gemm = gemm;
      a = copied(inputs.get(0));
      b = copied(inputs.get(1));
      c = arena.allocate((long) gemm.m() * gemm.n() * gemm.dtype().byteSize(), 64);
    }

    private MemorySegment copied(float[] values) {
      DType dtype = gemm.dtype();
      MemorySegment segment = arena.allocate((long) values.length * dtype.byteSize(), 64);
      for (int i = 0; i < values.length; i++) {
        dtype.set(segment, i, values[i]);
      }
      return segment;
    }

    @Override
    public void run() {
      int m = gemm.m();
      int n = gemm.n();
      int k = gemm.k();
      boolean turnA = gemm.form() == Gemm.Form.TN;
      boolean turnB = gemm.form() == Gemm.Form.NT;
      int transA = turnA ? TRANSPOSED : AS_IT_IS;
      int transB = turnB ? TRANSPOSED : AS_IT_IS;
      int lda = turnA ? m : k;
      int ldb = turnB ? k : n;
      if (gemm.dtype() == DType.F64) {
        dgemm.call(ROW_MAJOR, transA, transB, m, n, k, 1, a, lda, b, ldb, 0, c, n);
      } else {
        sgemm.call(ROW_MAJOR, transA, transB, m, n, k, 1, a, lda, b, ldb, 0, c, n);
      }
    }

    @Override
    public double element(int index) {
      return gemm.dtype().get(c, index);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
