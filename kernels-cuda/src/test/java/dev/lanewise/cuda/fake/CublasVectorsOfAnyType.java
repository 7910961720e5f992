package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.notSupported;
import static dev.lanewise.cuda.fake.CublasContext.type;

import java.lang.foreign.MemorySegment;

/**
 * The vector functions of cuBLAS that name their types. The combinations are those of the
 * documentation's tables without the complex ones: all vectors and results of one type, and the
 * factor and the computing in float, or in double for doubles.
 */
final class CublasVectorsOfAnyType {

  private final CublasVectorWork work;

  CublasVectorsOfAnyType(CublasContext context) {
    this.work = new CublasVectorWork(context);
  }

  int cublasAxpyEx(
      MemorySegment handle,
      int n,
      MemorySegment alpha,
      int alphaType,
      MemorySegment x,
      int typeX,
      int incx,
      MemorySegment y,
      int typeY,
      int incy,
      int computeType) {
    NumberType scale = scale(computeType, typeX, typeY);
    same(scale, alphaType);
    return work.axpy(handle, n, alpha, scale, x, incx, y, incy, type(typeX));
  }

  int cublasScalEx(
      MemorySegment handle,
      int n,
      MemorySegment alpha,
      int alphaType,
      MemorySegment x,
      int typeX,
      int incx,
      int computeType) {
    NumberType scale = scale(computeType, typeX, typeX);
    same(scale, alphaType);
    return work.scal(handle, n, alpha, scale, x, incx, type(typeX));
  }

  int cublasDotEx(
      MemorySegment handle,
      int n,
      MemorySegment x,
      int typeX,
      int incx,
      MemorySegment y,
      int typeY,
      int incy,
      MemorySegment result,
      int resultType,
      int computeType) {
    scale(computeType, typeX, typeY);
    same(type(typeX), resultType);
    return work.dot(handle, n, x, incx, y, incy, result, type(typeX));
  }

  int cublasNrm2Ex(
      MemorySegment handle,
      int n,
      MemorySegment x,
      int typeX,
      int incx,
      MemorySegment result,
      int resultType,
      int computeType) {
    scale(computeType, typeX, resultType);
    NumberType both = type(typeX);
    return work.reduce(handle, "nrm2", n, x, incx, both, result, both, CublasVectorWork::norm2);
  }

  private static NumberType scale(int computeType, int typeX, int typeY) {
    NumberType scale =
        switch (type(typeX)) {
          case F64 -> NumberType.F64;
          case F32, F16, BF16 -> NumberType.F32;
          case I32 -> throw notSupported("a vector of integers");
        };
    same(type(typeX), typeY);
    same(scale, computeType);
    return scale;
  }

  private static void same(NumberType wanted, int given) {
    if (type(given) != wanted) {
      throw notSupported("%s where %s is due".formatted(type(given), wanted));
    }
  }
}
