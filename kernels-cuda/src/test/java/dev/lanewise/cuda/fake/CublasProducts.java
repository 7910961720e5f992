package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.NumberType.F32;
import static dev.lanewise.cuda.fake.NumberType.F64;

import java.lang.foreign.MemorySegment;

/** The matrix products of cuBLAS for float and double. */
final class CublasProducts {

  private final CublasContext context;

  CublasProducts(CublasContext context) {
    this.context = context;
  }

  /** Float products follow the handle's math mode. */
  private GemmCall call(
      NumberType type, MemorySegment handle, int transa, int transb, int m, int n, int k) {
    CublasHandle blas = context.handle(handle);
    GemmTypes types = GemmTypes.of(type, blas);
    return new GemmCall(context, blas, types, transa, transb, m, n, k);
  }

  int cublasSgemm_v2(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      MemorySegment beta,
      MemorySegment c,
      int ldc) {
    return call(F32, handle, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .strided(a, 0, b, 0, c, 0, 1);
  }

  int cublasSgemmStridedBatched(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      long strideA,
      MemorySegment b,
      int ldb,
      long strideB,
      MemorySegment beta,
      MemorySegment c,
      int ldc,
      long strideC,
      int batchCount) {
    return call(F32, handle, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .strided(a, strideA, b, strideB, c, strideC, batchCount);
  }

  int cublasSgemmBatched(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment as,
      int lda,
      MemorySegment bs,
      int ldb,
      MemorySegment beta,
      MemorySegment cs,
      int ldc,
      int batchCount) {
    return call(F32, handle, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .pointers(as, bs, cs, batchCount);
  }

  int cublasDgemm_v2(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      MemorySegment beta,
      MemorySegment c,
      int ldc) {
    return call(F64, handle, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .strided(a, 0, b, 0, c, 0, 1);
  }

  int cublasDgemmStridedBatched(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      long strideA,
      MemorySegment b,
      int ldb,
      long strideB,
      MemorySegment beta,
      MemorySegment c,
      int ldc,
      long strideC,
      int batchCount) {
    return call(F64, handle, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .strided(a, strideA, b, strideB, c, strideC, batchCount);
  }

  int cublasDgemmBatched(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      int k,
      MemorySegment alpha,
      MemorySegment as,
      int lda,
      MemorySegment bs,
      int ldb,
      MemorySegment beta,
      MemorySegment cs,
      int ldc,
      int batchCount) {
    return call(F64, handle, transa, transb, m, n, k)
        .factors(alpha, beta)
        .leading(lda, ldb, ldc)
        .pointers(as, bs, cs, batchCount);
  }
}
