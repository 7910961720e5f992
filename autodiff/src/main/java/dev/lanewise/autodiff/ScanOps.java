package dev.lanewise.autodiff;

import dev.lanewise.array.ShapeException;

/**
 * Operations along one axis: cumulative sums and products, and sorting. Negative axes count from
 * the last.
 *
 * <p>All throw {@link ShapeException} if there is no such axis, and {@link
 * dev.lanewise.array.DTypeException} unless the tensor is f32, f64, i32 or i64.
 */
public sealed interface ScanOps permits Tensor {

  /**
   * Elements in an order, and where they were.
   *
   * @param values the elements; the gradient flows through them
   * @param indices where along the axis each was, as {@link dev.lanewise.array.DType#I64}
   */
  record Sorted(Tensor values, Tensor indices) {}

  /**
   * {@return the sum of each element and all before it}
   *
   * {@snippet :
   * Tensor.of(new float[] {1, 2, 3}).cumSum(0);   // 1, 3, 6
   * }
   *
   * @param axis the axis along which
   */
  default Tensor cumSum(int axis) {
    return Scans.cumSum((Tensor) this, axis, false);
  }

  /**
   * {@return the product of each element and all before it} Its gradient is right where factors are
   * 0, too.
   *
   * @param axis the axis along which
   */
  default Tensor cumProd(int axis) {
    return Scans.cumProd((Tensor) this, axis);
  }

  /**
   * {@return the elements from the smallest to the largest} Equal elements stay in their order; a
   * NaN is larger than any number.
   *
   * @param axis the axis along which
   */
  default Sorted sort(int axis) {
    return sort(axis, false);
  }

  /**
   * {@return the elements in order} Equal elements stay in their order, in both directions; a NaN
   * is larger than any number.
   *
   * @param axis the axis along which
   * @param descending whether the largest come first
   */
  default Sorted sort(int axis, boolean descending) {
    Tensor x = (Tensor) this;
    int at = x.shape().axis("sort", axis);
    return Scans.ordered("sort", x, at, x.shape().dim(at), descending);
  }

  /**
   * {@return the k largest elements, the largest first}
   *
   * {@snippet :
   * Tensor best = probabilities.topK(5, -1).indices();   // [n, classes] gives [n, 5]
   * }
   *
   * @param k how many, from 0 to the axis's extent
   * @param axis the axis along which
   * @throws ShapeException if k is outside that range
   */
  default Sorted topK(int k, int axis) {
    return topK(k, axis, true);
  }

  /**
   * {@return the k largest or smallest elements in order, the most extreme first}
   *
   * @param k how many, from 0 to the axis's extent
   * @param axis the axis along which
   * @param largest whether the largest are wanted, else the smallest
   * @throws ShapeException if k is outside that range
   */
  default Sorted topK(int k, int axis, boolean largest) {
    return Scans.ordered("topK", (Tensor) this, axis, k, largest);
  }
}
