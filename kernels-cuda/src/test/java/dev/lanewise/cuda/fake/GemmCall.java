package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.SUCCESS;
import static dev.lanewise.cuda.fake.CublasContext.require;
import static dev.lanewise.cuda.fake.CublasContext.transposes;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** A call of any gemm of cuBLAS: the arguments that all have, checked as they come. */
final class GemmCall {

  private final CublasContext context;
  private final CublasHandle blas;
  private final GemmTypes types;
  private final boolean aTransposed;
  private final boolean bTransposed;
  private final int m;
  private final int n;
  private final int k;
  private DoubleSupplier alpha;
  private DoubleSupplier beta;
  private int lda;
  private int ldb;
  private int ldc;

  GemmCall(
      CublasContext context,
      CublasHandle blas,
      GemmTypes types,
      int transa,
      int transb,
      int m,
      int n,
      int k) {
    this.context = context;
    this.blas = blas;
    this.types = types;
    this.aTransposed = transposes(transa, "transa");
    this.bTransposed = transposes(transb, "transb");
    require(m >= 0 && n >= 0 && k >= 0, "gemm of m %d, n %d, k %d", m, n, k);
    this.m = m;
    this.n = n;
    this.k = k;
  }

  GemmCall factors(MemorySegment alpha, MemorySegment beta) {
    this.alpha = context.scalar(blas, alpha, types.scale(), "alpha");
    this.beta = context.scalar(blas, beta, types.scale(), "beta");
    return this;
  }

  GemmCall leading(int lda, int ldb, int ldc) {
    CublasContext.leading("lda", lda, aTransposed ? k : m);
    CublasContext.leading("ldb", ldb, bTransposed ? n : k);
    CublasContext.leading("ldc", ldc, m);
    this.lda = lda;
    this.ldb = ldb;
    this.ldc = ldc;
    return this;
  }

  int strided(
      MemorySegment a,
      long strideA,
      MemorySegment b,
      long strideB,
      MemorySegment c,
      long strideC,
      int batch) {
    require(batch >= 0, "a batch of %d", batch);
    long aStep = strideA * types.ab().bytes();
    long bStep = strideB * types.ab().bytes();
    long cStep = strideC * types.c().bytes();
    return submit(
        batch,
        i -> a.address() + i * aStep,
        i -> b.address() + i * bStep,
        i -> c.address() + i * cStep);
  }

  /** The three arrays of pointers lie in device memory, and are read when the work is done. */
  int pointers(MemorySegment as, MemorySegment bs, MemorySegment cs, int batch) {
    require(batch >= 0, "a batch of %d", batch);
    return submit(batch, i -> element(as, i), i -> element(bs, i), i -> element(cs, i));
  }

  private long element(MemorySegment array, long index) {
    long at = array.address() + index * Long.BYTES;
    return context.cuda.blocks.at(at, Long.BYTES).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
  }

  private int submit(int batch, LongUnaryOperator a, LongUnaryOperator b, LongUnaryOperator c) {
    if (m == 0 || n == 0 || batch == 0) {
      return SUCCESS;
    }
    context.cuda.math.product(types.precision());
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "gemm",
        () -> {
          double factor = alpha.getAsDouble();
          boolean factors = factor != 0 && k > 0; // else A and B may be anything, null too
          List<StridedArray> results = each(batch, i -> columns(types.c(), c, i, m, n, ldc));
          MatrixProduct product =
              new MatrixProduct(
                  types.precision(),
                  m,
                  n,
                  k,
                  factor,
                  factors ? each(batch, i -> operand(a, i, aTransposed, m, k, lda)) : List.of(),
                  factors ? each(batch, i -> operand(b, i, bTransposed, k, n, ldb)) : List.of(),
                  beta.getAsDouble(),
                  results,
                  results);
          product.run(memory, List.of(), DoubleUnaryOperator.identity());
        });
    return SUCCESS;
  }

  private static List<StridedArray> each(int batch, IntFunction<StridedArray> array) {
    return IntStream.range(0, batch).mapToObj(array).toList();
  }

  private StridedArray operand(
      LongUnaryOperator address, int i, boolean transposed, int rows, int cols, int ld) {
    return transposed
        ? columns(types.ab(), address, i, cols, rows, ld).reversed()
        : columns(types.ab(), address, i, rows, cols, ld);
  }

  private static StridedArray columns(
      NumberType type, LongUnaryOperator address, int i, int rows, int cols, int ld) {
    return StridedArray.columns(type, address.applyAsLong(i), rows, cols, ld);
  }
}
