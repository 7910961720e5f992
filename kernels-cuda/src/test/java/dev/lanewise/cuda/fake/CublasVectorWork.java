package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.SUCCESS;
import static dev.lanewise.cuda.fake.CublasContext.require;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** The vector functions of cuBLAS for any element type. */
final class CublasVectorWork {

  /** A vector as BLAS passes it; with a negative increment it begins at its far end. */
  record Vector(StridedArray elements, boolean backwards) {

    static Vector of(NumberType type, MemorySegment x, int n, int inc, String name) {
      require(inc != 0, "inc%s is 0", name);
      return new Vector(StridedArray.vector(type, x.address(), n, Math.abs((long) inc)), inc < 0);
    }

    double[] read(DeviceAccess memory) {
      return ordered(elements.read(memory));
    }

    void write(DeviceAccess memory, double[] values) {
      elements.write(memory, ordered(values));
    }

    private double[] ordered(double[] values) {
      if (!backwards) {
        return values;
      }
      double[] reversed = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        reversed[i] = values[values.length - 1 - i];
      }
      return reversed;
    }

    /** Stores {@code values + beta * old}, where an old value counts only if beta is not 0. */
    void blend(DeviceAccess memory, double[] values, double beta) {
      double[] result = values.clone();
      if (beta != 0) {
        double[] old = read(memory);
        for (int i = 0; i < result.length; i++) {
          result[i] += beta * old[i];
        }
      }
      write(memory, result);
    }
  }

  private final CublasContext context;

  CublasVectorWork(CublasContext context) {
    this.context = context;
  }

  int axpy(
      MemorySegment handle,
      int n,
      MemorySegment alpha,
      NumberType scale,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      NumberType type) {
    CublasHandle blas = context.handle(handle);
    DoubleSupplier factor = context.scalar(blas, alpha, scale, "alpha");
    if (n <= 0) {
      return SUCCESS;
    }
    Vector from = Vector.of(type, x, n, incx, "x");
    Vector to = Vector.of(type, y, n, incy, "y");
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "axpy",
        () -> {
          double a = factor.getAsDouble();
          if (a == 0) {
            return; // as BLAS has it: y keeps its values whatever x holds
          }
          double[] values = from.read(memory);
          Arrays.setAll(values, i -> a * values[i]);
          to.blend(memory, values, 1);
        });
    return SUCCESS;
  }

  int scal(
      MemorySegment handle,
      int n,
      MemorySegment alpha,
      NumberType scale,
      MemorySegment x,
      int incx,
      NumberType type) {
    CublasHandle blas = context.handle(handle);
    DoubleSupplier factor = context.scalar(blas, alpha, scale, "alpha");
    if (n <= 0 || incx <= 0) {
      return SUCCESS;
    }
    Vector vector = Vector.of(type, x, n, incx, "x");
    DeviceAccess memory = context.cuda.blocks;
    context.submit(
        blas,
        "scal",
        () -> {
          double[] values = vector.read(memory);
          double a = factor.getAsDouble();
          Arrays.setAll(values, i -> a * values[i]);
          vector.write(memory, values);
        });
    return SUCCESS;
  }

  int dot(
      MemorySegment handle,
      int n,
      MemorySegment x,
      int incx,
      MemorySegment y,
      int incy,
      MemorySegment result,
      NumberType type) {
    CublasHandle blas = context.handle(handle);
    if (n <= 0) {
      context.result(blas, result, type, "dot", () -> 0);
      return SUCCESS;
    }
    Vector left = Vector.of(type, x, n, incx, "x");
    Vector right = Vector.of(type, y, n, incy, "y");
    DeviceAccess memory = context.cuda.blocks;
    context.result(
        blas,
        result,
        type,
        "dot",
        () -> {
          double[] a = left.read(memory);
          double[] b = right.read(memory);
          double sum = 0;
          for (int i = 0; i < n; i++) {
            sum += a[i] * b[i];
          }
          return sum;
        });
    return SUCCESS;
  }

  /** A number made of one vector; 0 for an empty one and, as BLAS has it, for a bad increment. */
  int reduce(
      MemorySegment handle,
      String what,
      int n,
      MemorySegment x,
      int incx,
      NumberType type,
      MemorySegment result,
      NumberType resultType,
      ToDoubleFunction<double[]> reduction) {
    CublasHandle blas = context.handle(handle);
    if (n <= 0 || incx <= 0) {
      context.result(blas, result, resultType, what, () -> 0);
      return SUCCESS;
    }
    Vector vector = Vector.of(type, x, n, incx, "x");
    DeviceAccess memory = context.cuda.blocks;
    context.result(
        blas, result, resultType, what, () -> reduction.applyAsDouble(vector.read(memory)));
    return SUCCESS;
  }

  static double norm2(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(each -> each * each).sum());
  }

  static double sumOfMagnitudes(double[] x) {
    return Arrays.stream(x).map(Math::abs).sum();
  }

  /** {@return the place of the first greatest magnitude, counted from 1 as Fortran does} */
  static double placeOfGreatest(double[] x) {
    int greatest = 0;
    for (int i = 1; i < x.length; i++) {
      if (Math.abs(x[i]) > Math.abs(x[greatest])) {
        greatest = i;
      }
    }
    return greatest + 1;
  }
}
