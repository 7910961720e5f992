package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;

/** The matrix products of cuBLAS that name their types. */
final class CublasProductsOfAnyType {

  private final CublasContext context;

  CublasProductsOfAnyType(CublasContext context) {
    this.context = context;
  }

  private GemmCall call(
      GemmTypes types, CublasHandle blas, int transa, int transb, int m, int n, int k) {
    return new GemmCall(context, blas, types, transa, transb, m, n, k);
  }

  private GemmTypes types(CublasHandle blas, int a, int b, int c, int computeType, int algo) {
    CublasContext.require(
        algo >= -1 && algo <= 23 || algo >= 99 && algo <= 115, "no algorithm %d", algo);
    return GemmTypes.of(computeType, a, b, c, blas);
  }

  int cublasGemmEx(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int typeA,
      int lda,
      MemorySegment b,
      int typeB,
      int ldb,
      MemorySegment beta,
      MemorySegment c,
      int typeC,
      int ldc,
      int computeType,
      int algo) {
    CublasHandle blas = context.handle(handle);
    GemmTypes types = types(blas, typeA, typeB, typeC, computeType, algo);
    return call(types, blas, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .strided(a, 0, b, 0, c, 0, 1);
  }

  int cublasGemmStridedBatchedEx(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int typeA,
      int lda,
      long strideA,
      MemorySegment b,
      int typeB,
      int ldb,
      long strideB,
      MemorySegment beta,
      MemorySegment c,
      int typeC,
      int ldc,
      long strideC,
      int batchCount,
      int computeType,
      int algo) {
    CublasHandle blas = context.handle(handle);
    GemmTypes types = types(blas, typeA, typeB, typeC, computeType, algo);
    return call(types, blas, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .strided(a, strideA, b, strideB, c, strideC, batchCount);
  }

  int cublasGemmBatchedEx(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int typeA,
      int lda,
      MemorySegment b,
      int typeB,
      int ldb,
      MemorySegment beta,
      MemorySegment c,
      int typeC,
      int ldc,
      int batchCount,
      int computeType,
      int algo) {
    CublasHandle blas = context.handle(handle);
    GemmTypes types = types(blas, typeA, typeB, typeC, computeType, algo);
    return call(types, blas, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .pointers(a, b, c, batchCount);
  }
}
