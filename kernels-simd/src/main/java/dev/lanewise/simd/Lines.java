package dev.lanewise.simd;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;

/**
 * An array without gaps as lines along one axis: {@code [outer, extent, inner]}.
 *
 * @param outer how many blocks of lines there are
 * @param extent the elements of a line
 * @param inner how many lines lie side by side, which is the distance between a line's elements
 */
record Lines(long outer, int extent, long inner) {

  static Lines of(NdArray array, int axis) {
    long outer = 1;
    long inner = 1;
    for (int i = 0; i < array.shape().rank(); i++) {
      outer *= i < axis ? array.shape().dim(i) : 1;
      inner *= i > axis ? array.shape().dim(i) : 1;
    }
    return new Lines(outer, array.shape().dim(axis), inner);
  }

  /** {@return a view of an array with one axis moved to the end} */
  static NdArray axisLast(NdArray array, int axis) {
    int rank = array.shape().rank();
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i < axis ? i : i < rank - 1 ? i + 1 : axis;
    }
    Layout layout = array.layout().permute(order);
    return array.view(layout);
  }
}
