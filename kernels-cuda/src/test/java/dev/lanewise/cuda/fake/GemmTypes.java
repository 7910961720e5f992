package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.notSupported;
import static dev.lanewise.cuda.fake.CublasContext.type;

import dev.lanewise.bindings.cuda.Cublas;

/**
 * The types of a matrix product: of the factors, of the result, of alpha and beta, and how inputs
 * are rounded.
 */
record GemmTypes(NumberType ab, NumberType c, NumberType scale, Precision precision) {

  /** {@return the types of Sgemm and Dgemm and their like} */
  static GemmTypes of(NumberType type, CublasHandle handle) {
    return type == NumberType.F64
        ? new GemmTypes(type, type, type, Precision.F64)
        : new GemmTypes(type, type, type, byMode(handle.mathMode));
  }

  /**
   * {@return the types of the Ex functions} The combinations are the real ones of the table in the
   * documentation of cublasGemmEx, but for those of half sums and of integers, which the double
   * does not have.
   */
  static GemmTypes of(int computeType, int a, int b, int c, CublasHandle handle) {
    Precision precision = precision(computeType);
    if (precision == Precision.F32 && type(a) == NumberType.F32) {
      precision = byMode(handle.mathMode);
    }
    return of(precision, a, b, c);
  }

  /** {@return the types, if a product has this combination} */
  static GemmTypes of(Precision precision, int a, int b, int c) {
    NumberType ab = type(a);
    NumberType result = type(c);
    boolean supported =
        ab == type(b)
            && switch (precision) {
              case F64 -> ab == NumberType.F64 && result == NumberType.F64;
              case F32, PEDANTIC_F32 ->
                  switch (ab) {
                    case F32 -> result == NumberType.F32;
                    case F16 -> result == NumberType.F16 || result == NumberType.F32;
                    case BF16 -> result == NumberType.BF16 || result == NumberType.F32;
                    case F64, I32 -> false;
                  };
              case TF32, FAST_F16, FAST_BF16 -> ab == NumberType.F32 && result == NumberType.F32;
            };
    if (!supported) {
      throw notSupported(
          "a product of %s and %s to %s in %s".formatted(ab, type(b), result, precision));
    }
    NumberType scale = precision == Precision.F64 ? NumberType.F64 : NumberType.F32;
    return new GemmTypes(ab, result, scale, precision);
  }

  static Precision precision(int computeType) {
    if (computeType == Cublas.CUBLAS_COMPUTE_32F()) {
      return Precision.F32;
    } else if (computeType == Cublas.CUBLAS_COMPUTE_32F_PEDANTIC()) {
      return Precision.PEDANTIC_F32;
    } else if (computeType == Cublas.CUBLAS_COMPUTE_64F()) {
      return Precision.F64;
    } else if (computeType == Cublas.CUBLAS_COMPUTE_32F_FAST_TF32()) {
      return Precision.TF32;
    } else if (computeType == Cublas.CUBLAS_COMPUTE_32F_FAST_16F()) {
      return Precision.FAST_F16;
    } else if (computeType == Cublas.CUBLAS_COMPUTE_32F_FAST_16BF()) {
      return Precision.FAST_BF16;
    }
    throw notSupported("the compute type " + computeType);
  }

  private static Precision byMode(int mathMode) {
    int base = mathMode & ~Cublas.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION();
    if (base == Cublas.CUBLAS_TF32_TENSOR_OP_MATH()) {
      return Precision.TF32;
    }
    return base == Cublas.CUBLAS_PEDANTIC_MATH() ? Precision.PEDANTIC_F32 : Precision.F32;
  }
}
