package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;

/** What a tensor holds and where, its numbers as Java's, and its conversions. */
public sealed interface ArrayOps permits Tensor {

  /** {@return the extents} */
  default Shape shape() {
    return ((Tensor) this).data.shape();
  }

  /** {@return the number of elements} */
  default long size() {
    return shape().size();
  }

  /** {@return the type of the elements} */
  default DType dtype() {
    return ((Tensor) this).data.dtype();
  }

  /** {@return who computes on this tensor} */
  default Backend backend() {
    return Backends.of(((Tensor) this).data);
  }

  /**
   * {@return the one element}
   *
   * @throws ShapeException if there is not exactly one
   */
  default double item() {
    NdArray data = ((Tensor) this).data;
    if (data.size() != 1) {
      throw new ShapeException(
          "item: the tensor has "
              + data.size()
              + " elements (shape "
              + data.shape()
              + "); only one element can be read as a number");
    }
    return data.get(new int[data.shape().rank()]);
  }

  /** {@return all elements in row-major order, converted to {@code float}} */
  default float[] toFloatArray() {
    return ((Tensor) this).data.toFloatArray();
  }

  /** {@return all elements in row-major order, converted to {@code double}} */
  default double[] toDoubleArray() {
    return ((Tensor) this).data.toDoubleArray();
  }

  /** {@return all elements in row-major order, converted to {@code long}, fractions cut off} */
  default long[] toLongArray() {
    return ((Tensor) this).data.toLongArray();
  }

  /**
   * {@return the rows of a matrix, converted to {@code float}: {@code [m][n]}}
   *
   * @throws ShapeException if this has not two axes
   */
  default float[][] toFloatMatrix() {
    Shape shape = Checks.matrix("toFloatMatrix", (Tensor) this);
    float[] all = toFloatArray();
    float[][] rows = new float[shape.dim(0)][shape.dim(1)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(all, i * shape.dim(1), rows[i], 0, shape.dim(1));
    }
    return rows;
  }

  /**
   * {@return the rows of a matrix, converted to {@code double}: {@code [m][n]}}
   *
   * @throws ShapeException if this has not two axes
   */
  default double[][] toDoubleMatrix() {
    Shape shape = Checks.matrix("toDoubleMatrix", (Tensor) this);
    double[] all = toDoubleArray();
    double[][] rows = new double[shape.dim(0)][shape.dim(1)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(all, i * shape.dim(1), rows[i], 0, shape.dim(1));
    }
    return rows;
  }

  /**
   * {@return the elements in another type} Between floating-point types the gradient flows,
   * converted back; through integers none does.
   *
   * @param dtype the other type; this tensor itself if it is of that type already
   */
  default Tensor cast(DType dtype) {
    Tensor x = (Tensor) this;
    DType before = x.dtype();
    if (dtype == before) {
      return x;
    }
    NdArray out = x.backend().uninitialized(dtype, x.shape());
    x.backend().copy(x.data(), out);
    Tensor cast = new Tensor(out);
    return dtype.isFloating() && before.isFloating()
        ? Node.record("cast", cast, (_, _, up) -> up.cast(before), x)
        : cast;
  }

  /**
   * {@return the elements on another backend}
   *
   * @param backend who shall compute on them; this tensor itself if it does already
   */
  default Tensor to(Backend backend) {
    Tensor x = (Tensor) this;
    Backend before = x.backend();
    if (backend == before || backend == x.data.device()) {
      return x;
    }
    return Node.record("to", new Tensor(Views.moved(x, backend)), (_, _, up) -> up.to(before), x);
  }
}
