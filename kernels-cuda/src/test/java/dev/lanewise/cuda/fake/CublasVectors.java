package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.NumberType.F32;
import static dev.lanewise.cuda.fake.NumberType.F64;
import static dev.lanewise.cuda.fake.NumberType.I32;

import java.lang.foreign.MemorySegment;

/** The vector functions of cuBLAS for float and double. */
final class CublasVectors {

  private final CublasVectorWork work;

  CublasVectors(CublasContext context) {
    this.work = new CublasVectorWork(context);
  }

  int cublasSaxpy_v2(
      MemorySegment handle,
      int n,
      MemorySegment alpha,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy) {
    return work.axpy(handle, n, alpha, F32, x, incx, y, incy, F32);
  }

  int cublasSscal_v2(MemorySegment handle, int n, MemorySegment alpha, MemorySegment x, int incx) {
    return work.scal(handle, n, alpha, F32, x, incx, F32);
  }

  int cublasSdot_v2(
      MemorySegment handle,
      int n,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      MemorySegment result) {
    return work.dot(handle, n, x, incx, y, incy, result, F32);
  }

  int cublasSnrm2_v2(MemorySegment handle, int n, MemorySegment x, int incx, MemorySegment result) {
    return work.reduce(handle, "nrm2", n, x, incx, F32, result, F32, CublasVectorWork::norm2);
  }

  int cublasSasum_v2(MemorySegment handle, int n, MemorySegment x, int incx, MemorySegment result) {
    return work.reduce(
        handle, "asum", n, x, incx, F32, result, F32, CublasVectorWork::sumOfMagnitudes);
  }

  int cublasIsamax_v2(
      MemorySegment handle, int n, MemorySegment x, int incx, MemorySegment result) {
    return work.reduce(
        handle, "amax", n, x, incx, F32, result, I32, CublasVectorWork::placeOfGreatest);
  }

  int cublasDaxpy_v2(
      MemorySegment handle,
      int n,
      MemorySegment alpha,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy) {
    return work.axpy(handle, n, alpha, F64, x, incx, y, incy, F64);
  }

  int cublasDscal_v2(MemorySegment handle, int n, MemorySegment alpha, MemorySegment x, int incx) {
    return work.scal(handle, n, alpha, F64, x, incx, F64);
  }

  int cublasDdot_v2(
      MemorySegment handle,
      int n,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      MemorySegment result) {
    return work.dot(handle, n, x, incx, y, incy, result, F64);
  }

  int cublasDnrm2_v2(MemorySegment handle, int n, MemorySegment x, int incx, MemorySegment result) {
    return work.reduce(handle, "nrm2", n, x, incx, F64, result, F64, CublasVectorWork::norm2);
  }

  int cublasDasum_v2(MemorySegment handle, int n, MemorySegment x, int incx, MemorySegment result) {
    return work.reduce(
        handle, "asum", n, x, incx, F64, result, F64, CublasVectorWork::sumOfMagnitudes);
  }

  int cublasIdamax_v2(
      MemorySegment handle, int n, MemorySegment x, int incx, MemorySegment result) {
    return work.reduce(
        handle, "amax", n, x, incx, F64, result, I32, CublasVectorWork::placeOfGreatest);
  }
}
