package dev.lanewise.autodiff;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;

/**
 * Other views of the same numbers. All share memory with this tensor, but for {@link #copy} and a
 * {@link #reshape} that only a copy can give. Tensors of any type can be viewed. Negative axes
 * count from the last.
 */
public sealed interface ShapeOps permits Tensor {

  /**
   * {@return the elements, in the same row-major order, with other extents} A view if the layout
   * allows one, else a copy.
   *
   * @param shape the extents
   * @throws ShapeException if it has another number of elements
   */
  default Tensor reshape(Shape shape) {
    Tensor x = (Tensor) this;
    if (shape.equals(x.shape())) {
      return x;
    }
    Layout layout = x.data().layout().reshape(shape);
    NdArray out =
        layout != null ? x.data().view(layout) : Views.copy(x).view(Layout.contiguous(shape));
    return Node.record("reshape", new Tensor(out), (_, before, up) -> up.reshape(before), x);
  }

  /**
   * {@return the elements, in the same row-major order, with other extents}
   *
   * @param dims the extents; one of them may be −1, which stands for what is left
   * @throws ShapeException if they make another number of elements
   */
  default Tensor reshape(int... dims) {
    return reshape(Views.resolve(((Tensor) this).shape(), dims));
  }

  /**
   * {@return this with the axes from one on joined into one: {@code [n, c, h, w]} becomes {@code
   * [n, c·h·w]} from axis 1}
   *
   * @param from the first axis that is joined
   * @throws ShapeException if there is no such axis
   */
  default Tensor flatten(int from) {
    Shape shape = ((Tensor) this).shape();
    int[] dims = Arrays.copyOf(shape.dims(), shape.axis("flatten", from) + 1);
    long joined = 1;
    for (int i = dims.length - 1; i < shape.rank(); i++) {
      joined *= shape.dim(i);
    }
    dims[dims.length - 1] = Math.toIntExact(joined);
    return reshape(Shape.of(dims));
  }

  /**
   * {@return this with one more axis, of extent 1}
   *
   * @param axis where it goes: from {@code -rank - 1} to {@code rank}
   * @throws ShapeException if {@code axis} is not in that range
   */
  default Tensor expandDims(int axis) {
    return reshape(Views.expanded(((Tensor) this).shape(), axis));
  }

  /**
   * {@return this without some axes of extent 1}
   *
   * @param axes the axes that disappear; none given means all of extent 1
   * @throws ShapeException if a named axis has another extent or does not exist
   */
  default Tensor squeeze(int... axes) {
    return reshape(Views.squeezed(((Tensor) this).shape(), axes));
  }

  /**
   * {@return this with its axes in another order}
   *
   * @param order the old axis of each new one
   * @throws ShapeException if {@code order} is not a permutation of the axes
   */
  default Tensor permute(int... order) {
    Tensor x = (Tensor) this;
    Tensor out = new Tensor(x.data().permute(order));
    if (x.node == null) {
      return out;
    }
    int[] back = Views.inverse(order);
    return Node.record("permute", out, (_, _, up) -> up.permute(back), x);
  }

  /**
   * {@return this with its last two axes exchanged}
   *
   * @throws ShapeException if there are fewer than two
   */
  default Tensor transpose() {
    return transpose(-2, -1);
  }

  /**
   * {@return this with two axes exchanged}
   *
   * @param a one axis
   * @param b the other
   * @throws ShapeException if there is no such axis
   */
  default Tensor transpose(int a, int b) {
    Tensor x = (Tensor) this;
    Tensor out = new Tensor(Views.transposed(x.data(), a, b));
    return Node.record("transpose", out, (_, _, up) -> up.transpose(a, b), x);
  }

  /**
   * {@return the indices from {@code start} up to, not including, {@code stop} of an axis}
   *
   * @param axis the axis
   * @param start the first index
   * @param stop the index after the last
   * @throws ShapeException unless {@code 0 <= start <= stop <= extent}
   */
  default Tensor slice(int axis, int start, int stop) {
    return slice(axis, start, stop, 1);
  }

  /**
   * {@return every {@code step}-th index from {@code start} up to, not including, {@code stop} of
   * an axis}
   *
   * @param axis the axis
   * @param start the first index
   * @param stop the index after the last
   * @param step at least 1
   * @throws ShapeException unless {@code 0 <= start <= stop <= extent} and {@code step >= 1}
   */
  default Tensor slice(int axis, int start, int stop, int step) {
    return Views.view(
        "slice", (Tensor) this, x -> x.view(x.layout().slice(axis, start, stop, step)));
  }

  /**
   * {@return this stretched to a larger shape} A view: the same number stands at many indices.
   *
   * @param shape the shape to reach; extents of 1 stretch, and axes are added in front
   * @throws ShapeException if this does not stretch to it
   */
  default Tensor broadcastTo(Shape shape) {
    Tensor x = (Tensor) this;
    if (shape.equals(x.shape())) {
      return x;
    }
    Tensor out = new Tensor(x.data().broadcastTo(shape));
    return Node.record("broadcastTo", out, (_, before, up) -> Elementwise.sumTo(up, before), x);
  }

  /**
   * {@return this stretched to a larger shape}
   *
   * @param dims the extents to reach
   * @throws ShapeException if this does not stretch to them
   */
  default Tensor broadcastTo(int... dims) {
    return broadcastTo(Shape.of(dims));
  }

  /** {@return a copy in memory of its own, in row-major order} */
  default Tensor copy() {
    Tensor x = (Tensor) this;
    return Node.record("copy", new Tensor(Views.copy(x)), (_, _, up) -> up, x);
  }
}
