package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.NumberType.F32;
import static dev.lanewise.cuda.fake.NumberType.F64;

import dev.lanewise.cuda.fake.CublasMatrixWork.Matrix;
import java.lang.foreign.MemorySegment;

/** The functions of cuBLAS for a matrix and a vector, and for two matrices element by element. */
final class CublasMatrices {

  private final CublasMatrixWork work;

  CublasMatrices(CublasContext context) {
    this.work = new CublasMatrixWork(context);
  }

  int cublasSgemv_v2(
      MemorySegment handle,
      int trans,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      MemorySegment x,
      int incx,
      MemorySegment beta,
      MemorySegment y,
      int incy) {
    return work.gemv(handle, F32, trans, m, n, alpha, new Matrix(a, lda), x, incx, beta, y, incy);
  }

  int cublasSger_v2(
      MemorySegment handle,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      MemorySegment a,
      int lda) {
    return work.ger(handle, F32, m, n, alpha, x, incx, y, incy, new Matrix(a, lda));
  }

  int cublasSgeam(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      MemorySegment beta,
      MemorySegment b,
      int ldb,
      MemorySegment c,
      int ldc) {
    return work.geam(
        handle,
        F32,
        transa,
        transb,
        m,
        n,
        alpha,
        new Matrix(a, lda),
        beta,
        new Matrix(b, ldb),
        new Matrix(c, ldc));
  }

  int cublasSdgmm(
      MemorySegment handle,
      int mode,
      int m,
      int n,
      MemorySegment a,
      int lda,
      MemorySegment x,
      int incx,
      MemorySegment c,
      int ldc) {
    return work.dgmm(handle, F32, mode, m, n, new Matrix(a, lda), x, incx, new Matrix(c, ldc));
  }

  int cublasDgemv_v2(
      MemorySegment handle,
      int trans,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      MemorySegment x,
      int incx,
      MemorySegment beta,
      MemorySegment y,
      int incy) {
    return work.gemv(handle, F64, trans, m, n, alpha, new Matrix(a, lda), x, incx, beta, y, incy);
  }

  int cublasDger_v2(
      MemorySegment handle,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      MemorySegment a,
      int lda) {
    return work.ger(handle, F64, m, n, alpha, x, incx, y, incy, new Matrix(a, lda));
  }

  int cublasDgeam(
      MemorySegment handle,
      int transa,
      int transb,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment a,
      int lda,
      MemorySegment beta,
      MemorySegment b,
      int ldb,
      MemorySegment c,
      int ldc) {
    return work.geam(
        handle,
        F64,
        transa,
        transb,
        m,
        n,
        alpha,
        new Matrix(a, lda),
        beta,
        new Matrix(b, ldb),
        new Matrix(c, ldc));
  }

  int cublasDdgmm(
      MemorySegment handle,
      int mode,
      int m,
      int n,
      MemorySegment a,
      int lda,
      MemorySegment x,
      int incx,
      MemorySegment c,
      int ldc) {
    return work.dgmm(handle, F64, mode, m, n, new Matrix(a, lda), x, incx, new Matrix(c, ldc));
  }
}
