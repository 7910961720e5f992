package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * Operations that pick elements by index. Indices are i32 or i64 tensors and carry no gradient; one
 * outside the axis is a {@link ShapeException}.
 */
public sealed interface IndexOps permits Tensor {

  /**
   * {@return one element for each index: {@code out[i][j] = x[indices[i][j]][j]} for axis 0}
   *
   * @param axis the axis along which is picked; negative counts from the last
   * @param indices of as many axes as this tensor; along the others than the axis at most as long
   * @throws ShapeException if a shape, the axis or an index does not fit
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor gather(int axis, Tensor indices) {
    Tensor x = Views.cutTo((Tensor) this, indices.shape(), axis);
    Checks.sameBackend("gather", x, indices);
    NdArray out = x.backend().uninitialized(x.dtype(), indices.shape());
    x.backend().gather(x.data(), axis, indices.data(), out);
    Gradient gradient =
        (_, shape, up) ->
            Tensor.zeros(up.backend(), up.dtype(), shape).scatterAdd(axis, indices, up);
    return Node.record("gather", new Tensor(out), gradient, x);
  }

  /**
   * {@return this with one element added at each index: {@code out[indices[i][j]][j] += y[i][j]}
   * for axis 0} An index may come twice.
   *
   * @param axis the axis along which is picked; negative counts from the last
   * @param indices of this tensor's shape, but along the axis
   * @param y what is added, of the shape of {@code indices}
   * @throws ShapeException if a shape, the axis or an index does not fit
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor scatterAdd(int axis, Tensor indices, Tensor y) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("scatterAdd", x, indices);
    Checks.sameBackend("scatterAdd", x, y);
    NdArray out = Views.copy(x);
    x.backend().scatterAdd(y.data(), axis, indices.data(), out);
    Gradient gradient = (input, _, up) -> input == 0 ? up : up.gather(axis, indices);
    return Node.record("scatterAdd", new Tensor(out), gradient, x, y);
  }

  /**
   * {@return whole slices along an axis: {@code out[i] = x[indices[i]]} for axis 0}
   *
   * {@snippet :
   * Tensor vectors = embedding.indexSelect(0, words);   // [vocabulary, d] by [n] gives [n, d]
   * }
   *
   * @param axis the axis along which is picked; negative counts from the last
   * @param indices {@code [n]}
   * @throws ShapeException if a shape, the axis or an index does not fit
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor indexSelect(int axis, Tensor indices) {
    Tensor x = (Tensor) this;
    int at = x.shape().axis("indexSelect", axis);
    Checks.sameBackend("indexSelect", x, indices);
    int[] dims = x.shape().dims();
    if (indices.shape().rank() == 1) { // otherwise the backend says what is wrong
      dims[at] = indices.shape().dim(0);
    }
    NdArray out = x.backend().uninitialized(x.dtype(), Shape.of(dims));
    x.backend().indexSelect(x.data(), at, indices.data(), out);
    Gradient gradient =
        (_, shape, up) -> Tensor.zeros(up.backend(), up.dtype(), shape).indexAdd(at, indices, up);
    return Node.record("indexSelect", new Tensor(out), gradient, x);
  }

  /**
   * {@return this with whole slices added along an axis: {@code out[indices[i]] += y[i]} for axis
   * 0} An index may come twice.
   *
   * @param axis the axis along which is picked; negative counts from the last
   * @param indices {@code [n]}
   * @param y what is added: this tensor's shape, but n along the axis
   * @throws ShapeException if a shape, the axis or an index does not fit
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor indexAdd(int axis, Tensor indices, Tensor y) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("indexAdd", x, indices);
    Checks.sameBackend("indexAdd", x, y);
    NdArray out = Views.copy(x);
    x.backend().indexAdd(y.data(), axis, indices.data(), out);
    Gradient gradient = (input, _, up) -> input == 0 ? up : up.indexSelect(axis, indices);
    return Node.record("indexAdd", new Tensor(out), gradient, x, y);
  }

  /**
   * {@return for each of these indices a row with a 1 at its place and 0 elsewhere: {@code [shape…,
   * classes]}}
   *
   * @param classes the extent of the rows; every index is less
   * @param dtype f32 or f64
   * @throws ShapeException if an index is outside the rows
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor oneHot(int classes, DType dtype) {
    Tensor indices = (Tensor) this;
    Checks.indices("oneHot", indices);
    Tensor column = indices.expandDims(-1);
    int[] dims = column.shape().dims();
    dims[dims.length - 1] = classes;
    NdArray out = NdArray.zeros(indices.backend(), dtype, Shape.of(dims));
    NdArray ones = Tensor.scalar(indices.backend(), dtype, 1).data().broadcastTo(column.shape());
    indices.backend().scatterAdd(ones, -1, column.data(), out);
    return new Tensor(out);
  }
}
