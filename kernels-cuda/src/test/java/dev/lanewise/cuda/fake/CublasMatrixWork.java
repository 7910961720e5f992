package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.SUCCESS;
import static dev.lanewise.cuda.fake.CublasContext.leading;
import static dev.lanewise.cuda.fake.CublasContext.require;
import static dev.lanewise.cuda.fake.CublasContext.transposes;

import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleSupplier;

/** The functions of cuBLAS for a matrix and a vector, and for two matrices element by element. */
final class CublasMatrixWork {

  /** A matrix as BLAS passes it, column-major. */
  record Matrix(MemorySegment data, int ld) {
    StridedArray of(NumberType type, int rows, int cols) {
      return StridedArray.columns(type, data.address(), rows, cols, ld);
    }

    /** {@return op(A), of {@code rows} by {@code cols}} */
    StridedArray of(NumberType type, boolean transposed, int rows, int cols) {
      return transposed ? of(type, cols, rows).reversed() : of(type, rows, cols);
    }
  }

  private final CublasContext context;

  CublasMatrixWork(CublasContext context) {
    this.context = context;
  }

  /** {@code y = alpha * op(A) * x + beta * y}, A of m by n as stored. */
  int gemv(
      MemorySegment handle,
      NumberType type,
      int trans,
      int m,
      int n,
      MemorySegment alpha,
      Matrix a,
      MemorySegment x,
      int incx,
      MemorySegment beta,
      MemorySegment y,
      int incy) {
    CublasHandle blas = context.handle(handle);
    boolean transposed = transposes(trans, "trans");
    require(m >= 0 && n >= 0, "gemv of %d by %d", m, n);
    leading("lda", a.ld(), m);
    require(incx != 0 && incy != 0, "incx is %d, incy %d; neither can be 0", incx, incy);
    DoubleSupplier alphaOf = context.scalar(blas, alpha, type, "alpha");
    DoubleSupplier betaOf = context.scalar(blas, beta, type, "beta");
    if (m == 0 || n == 0) {
      return SUCCESS; // reference BLAS: y is left as it is
    }
    int rows = transposed ? n : m;
    int cols = transposed ? m : n;
    StridedArray matrix = a.of(type, transposed, rows, cols);
    var from = CublasVectorWork.Vector.of(type, x, cols, incx, "x");
    var to = CublasVectorWork.Vector.of(type, y, rows, incy, "y");
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "gemv",
        () -> {
          double factor = alphaOf.getAsDouble();
          double[] result = new double[rows];
          if (factor != 0) {
            checkApart(to.elements(), matrix, from.elements());
            double[] left = matrix.read(memory);
            double[] right = from.read(memory);
            for (int i = 0; i < rows * cols; i++) {
              result[i / cols] += factor * left[i] * right[i % cols];
            }
          }
          to.blend(memory, result, betaOf.getAsDouble());
        });
    return SUCCESS;
  }

  /** {@code A = alpha * x * y' + A}. */
  int ger(
      MemorySegment handle,
      NumberType type,
      int m,
      int n,
      MemorySegment alpha,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      Matrix a) {
    CublasHandle blas = context.handle(handle);
    require(m >= 0 && n >= 0, "ger of %d by %d", m, n);
    require(incx != 0 && incy != 0, "incx is %d, incy %d; neither can be 0", incx, incy);
    leading("lda", a.ld(), m);
    DoubleSupplier alphaOf = context.scalar(blas, alpha, type, "alpha");
    if (m == 0 || n == 0) {
      return SUCCESS;
    }
    var rows = CublasVectorWork.Vector.of(type, x, m, incx, "x");
    var cols = CublasVectorWork.Vector.of(type, y, n, incy, "y");
    StridedArray matrix = a.of(type, m, n);
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "ger",
        () -> {
          checkApart(matrix, rows.elements(), cols.elements());
          double[] left = rows.read(memory);
          double[] right = cols.read(memory);
          double[] product = new double[m * n];
          for (int i = 0; i < product.length; i++) {
            product[i] = left[i / n] * right[i % n];
          }
          matrix.blend(memory, alphaOf.getAsDouble(), product, 1);
        });
    return SUCCESS;
  }

  /**
   * {@code C = alpha * op(A) + beta * op(B)}. C may be A or B only if that one is not transposed
   * and has the leading dimension of C (documentation of geam).
   */
  int geam(
      MemorySegment handle,
      NumberType type,
      int transa,
      int transb,
      int m,
      int n,
      MemorySegment alpha,
      Matrix a,
      MemorySegment beta,
      Matrix b,
      Matrix c) {
    CublasHandle blas = context.handle(handle);
    boolean aTransposed = transposes(transa, "transa");
    boolean bTransposed = transposes(transb, "transb");
    require(m >= 0 && n >= 0, "geam of %d by %d", m, n);
    leading("lda", a.ld(), aTransposed ? n : m);
    leading("ldb", b.ld(), bTransposed ? n : m);
    leading("ldc", c.ld(), m);
    DoubleSupplier alphaOf = context.scalar(blas, alpha, type, "alpha");
    DoubleSupplier betaOf = context.scalar(blas, beta, type, "beta");
    if (m == 0 || n == 0) {
      return SUCCESS;
    }
    StridedArray left = a.of(type, aTransposed, m, n);
    StridedArray right = b.of(type, bTransposed, m, n);
    StridedArray result = c.of(type, m, n);
    inPlace(result, left, "A");
    inPlace(result, right, "B");
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "geam",
        () -> {
          double[] sum = new double[m * n];
          add(memory, sum, alphaOf.getAsDouble(), left);
          add(memory, sum, betaOf.getAsDouble(), right);
          result.write(memory, sum);
        });
    return SUCCESS;
  }

  private static void inPlace(StridedArray result, StridedArray operand, String name) {
    boolean same = result.address() == operand.address();
    require(
        !same || result.sameAs(operand),
        "C is %s, but %s is transposed or has another leading dimension",
        name,
        name);
  }

  private static void add(DeviceAccess memory, double[] sum, double factor, StridedArray matrix) {
    if (factor == 0) {
      return; // not read
    }
    double[] values = matrix.read(memory);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * values[i];
    }
  }

  /** {@code C = diag(x) * A} on the left side, {@code A * diag(x)} on the right. */
  int dgmm(
      MemorySegment handle,
      NumberType type,
      int mode,
      int m,
      int n,
      Matrix a,
      MemorySegment x,
      int incx,
      Matrix c) {
    CublasHandle blas = context.handle(handle);
    boolean left = mode == Cublas.CUBLAS_SIDE_LEFT();
    require(left || mode == Cublas.CUBLAS_SIDE_RIGHT(), "no side %d", mode);
    require(m >= 0 && n >= 0, "dgmm of %d by %d", m, n);
    leading("lda", a.ld(), m);
    leading("ldc", c.ld(), m);
    var diagonal = CublasVectorWork.Vector.of(type, x, left ? m : n, incx, "x");
    StridedArray from = a.of(type, m, n);
    StridedArray to = c.of(type, m, n);
    if (m == 0 || n == 0) {
      return SUCCESS;
    }
    inPlace(to, from, "A");
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "dgmm",
        () -> {
          checkApart(to, diagonal.elements());
          double[] factors = diagonal.read(memory);
          double[] values = from.read(memory);
          for (int i = 0; i < values.length; i++) {
            values[i] *= factors[left ? i / n : i % n];
          }
          to.write(memory, values);
        });
    return SUCCESS;
  }

  private static void checkApart(StridedArray result, StridedArray... operands) {
    for (StridedArray operand : operands) {
      if (result.overlaps(operand)) {
        throw new DeviceFault("the result overlaps an operand; it has no value on a device");
      }
    }
  }
}
