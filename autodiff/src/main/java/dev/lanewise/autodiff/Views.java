package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** What the operations on shapes compute with. */
final class Views {
  private Views() {}

  /** {@return the elements in new memory, in row-major order} */
  static NdArray copy(Tensor x) {
    NdArray out = x.backend().uninitialized(x.dtype(), x.shape());
    x.backend().copy(x.data(), out);
    return out;
  }

  /** {@return the elements in new memory of another backend, in row-major order} */
  static NdArray moved(Tensor x, Backend backend) {
    Backend before = x.backend();
    NdArray out = backend.uninitialized(x.dtype(), x.shape());
    if (before.memory().isHost() || backend.memory().isHost()) {
      // The side with memory of its own knows how to reach main memory; the other does not.
      Backend mover = before.memory().isHost() ? backend : before;
      mover.copy(x.data(), out);
    } else {
      NdArray plain = x.data().layout().isContiguous() ? x.data() : copy(x);
      out.copyFromHost(plain.inHost());
    }
    return out;
  }

  /** {@return the shape that {@code dims} mean, of which one may be −1} */
  static Shape resolve(Shape from, int[] dims) {
    int open = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1) {
        if (open >= 0) {
          throw new ShapeException(
              "reshape: only one extent may be -1, not two as in " + Arrays.toString(dims));
        }
        open = i;
      } else {
        known *= dims[i];
      }
    }
    if (open < 0) {
      return Shape.of(dims);
    }
    if (known <= 0 || from.size() % known != 0) {
      throw new ShapeException(
          "reshape: -1 in "
              + Arrays.toString(dims)
              + " can not be found for shape "
              + from
              + ": its "
              + from.size()
              + " elements are no multiple of "
              + known);
    }
    int[] all = dims.clone();
    all[open] = Math.toIntExact(from.size() / known);
    return Shape.of(all);
  }

  static Shape expanded(Shape shape, int axis) {
    int rank = shape.rank();
    int at = axis < 0 ? axis + rank + 1 : axis;
    if (at < 0 || at > rank) {
      throw new ShapeException(
          "expandDims: no place "
              + axis
              + " in shape "
              + shape
              + "; places go from "
              + (-rank - 1)
              + " to "
              + rank);
    }
    int[] dims = new int[rank + 1];
    for (int i = 0; i <= rank; i++) {
      dims[i] = i == at ? 1 : shape.dim(i < at ? i : i - 1);
    }
    return Shape.of(dims);
  }

  static Shape squeezed(Shape shape, int[] axes) {
    int[] named = axes.length == 0 ? new int[0] : shape.axes("squeeze", axes);
    int[] dims = new int[shape.rank()];
    int count = 0;
    int next = 0;
    for (int i = 0; i < dims.length; i++) {
      boolean asked = next < named.length && named[next] == i;
      next += asked ? 1 : 0;
      if (asked && shape.dim(i) != 1) {
        throw new ShapeException(
            "squeeze: axis "
                + i
                + " of shape "
                + shape
                + " has "
                + shape.dim(i)
                + " elements; only an axis of extent 1 can disappear");
      }
      if (!asked && !(axes.length == 0 && shape.dim(i) == 1)) {
        dims[count++] = shape.dim(i);
      }
    }
    return Shape.of(Arrays.copyOf(dims, count));
  }

  /** {@return the order that undoes an order of axes} */
  static int[] inverse(int[] order) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i] < 0 ? order[i] + order.length : order[i]] = i;
    }
    return inverse;
  }

  static NdArray transposed(NdArray x, int a, int b) {
    Shape shape = x.shape();
    int[] order = new int[shape.rank()];
    Arrays.setAll(order, i -> i);
    int from = shape.axis("transpose", a);
    int to = shape.axis("transpose", b);
    order[from] = to;
    order[to] = from;
    return x.permute(order);
  }

  /**
   * {@return a view of some elements}
   *
   * @param name the operation
   * @param x what is viewed
   * @param view gives the view of an array of this shape; no element comes twice
   */
  static Tensor view(String name, Tensor x, UnaryOperator<NdArray> view) {
    Tensor out = new Tensor(view.apply(x.data()));
    return Node.record(name, out, (_, shape, up) -> unview(name, up, shape, view), x);
  }

  /** {@return zeros of a shape, with {@code x} written over a view of them} */
  private static Tensor unview(String name, Tensor x, Shape shape, UnaryOperator<NdArray> view) {
    NdArray out = NdArray.zeros(x.backend(), x.dtype(), shape);
    x.backend().copy(x.data(), view.apply(out));
    return Node.record("unview", new Tensor(out), (_, _, up) -> view(name, up, view), x);
  }

  /** {@return the first elements of a tensor along all axes but one, where a shape has fewer} */
  static Tensor cutTo(Tensor x, Shape shape, int axis) {
    Tensor cut = x;
    int rank = x.shape().rank();
    for (int i = 0; i < rank && shape.rank() == rank; i++) {
      if (i != axis && i != axis + rank && shape.dim(i) < x.shape().dim(i)) {
        cut = cut.slice(i, 0, shape.dim(i));
      }
    }
    return cut;
  }

  static Tensor concat(int axis, Tensor... parts) {
    if (parts.length == 0) {
      throw new IllegalArgumentException("concat: at least one tensor is needed");
    }
    Tensor first = parts[0];
    int at = first.shape().axis("concat", axis);
    int[] starts = new int[parts.length + 1];
    for (int i = 0; i < parts.length; i++) {
      requireFit(first, parts[i], at);
      starts[i + 1] = Math.addExact(starts[i], parts[i].shape().dim(at));
    }
    int[] dims = first.shape().dims();
    dims[at] = starts[parts.length];
    NdArray out = first.backend().uninitialized(first.dtype(), Shape.of(dims));
    for (int i = 0; i < parts.length; i++) {
      first.backend().copy(parts[i].data(), out.slice(at, starts[i], starts[i + 1]));
    }
    Gradient gradient = (i, _, up) -> up.slice(at, starts[i], starts[i + 1]);
    return Node.record("concat", new Tensor(out), gradient, parts);
  }

  private static void requireFit(Tensor first, Tensor part, int axis) {
    Checks.sameBackend("concat", first, part);
    Checks.sameType("concat", first, part);
    int[] expected = first.shape().dims();
    if (part.shape().rank() == expected.length) {
      expected[axis] = part.shape().dim(axis);
    }
    if (!Arrays.equals(expected, part.shape().dims())) {
      throw new ShapeException(
          "concat: shapes "
              + first.shape()
              + " and "
              + part.shape()
              + " differ on another axis than "
              + axis);
    }
  }

  static Tensor stack(int axis, Tensor... parts) {
    Tensor[] expanded = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].shape().equals(parts[0].shape())) {
        throw new ShapeException(
            "stack: shapes must be equal, not " + parts[0].shape() + " and " + parts[i].shape());
      }
      expanded[i] = parts[i].expandDims(axis);
    }
    return concat(axis, expanded);
  }
}
