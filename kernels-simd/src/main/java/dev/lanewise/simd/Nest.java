package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * Nested loops over several arrays of one shape: extents, outermost first, and for each array an
 * address and its strides in elements. Axes of one element are left out.
 */
final class Nest {
  final DType dtype;
  final int bytes;
  long[] dims;
  final long[] addresses;
  final long[][] strides;

  /** What the addresses point into; reachable as long as the nest is. */
  private final Object owner;

  /** Makes loops over memory that {@code owner} keeps alive. */
  Nest(Object owner, DType dtype, long[] dims, long[] addresses, long[][] strides) {
    this.owner = owner;
    this.dtype = dtype;
    this.bytes = dtype.byteSize();
    this.dims = dims;
    this.addresses = addresses;
    this.strides = strides;
  }

  /** {@return the loops over arrays of one shape, axis by axis} */
  static Nest of(NdArray... arrays) {
    Layout[] layouts = new Layout[arrays.length];
    Arrays.setAll(layouts, i -> arrays[i].layout());
    Nest nest = of(arrays[0].dtype(), layouts);
    Arrays.setAll(nest.addresses, i -> Addresses.of(arrays[i]));
    return new Nest(arrays, nest.dtype, nest.dims, nest.addresses, nest.strides);
  }

  /**
   * {@return the loops over arrays of one shape with these layouts, at addresses still to be set}
   */
  static Nest of(DType dtype, Layout... layouts) {
    int rank = layouts[0].shape().rank();
    long[] dims = new long[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = layouts[0].shape().dim(i);
    }
    long[][] strides = new long[layouts.length][];
    Arrays.setAll(strides, i -> strides(layouts[i]));
    return new Nest(null, dtype, dims, new long[layouts.length], strides);
  }

  /** {@return the strides of a layout} */
  static long[] strides(Layout layout) {
    long[] strides = new long[layout.shape().rank()];
    Arrays.setAll(strides, layout::stride);
    return strides;
  }

  int rank() {
    return dims.length;
  }

  /** {@return the same memory under other loops} */
  Nest with(long[] dims, long[] addresses, long[][] strides) {
    return new Nest(owner, dtype, dims, addresses, strides);
  }

  /** To be called after the last use of an address: until then the arrays must not be freed. */
  void keepReachable() {
    Reference.reachabilityFence(owner);
  }

  /** {@return the extent of the innermost axis; 1 if there is none} */
  long innerExtent() {
    return dims.length == 0 ? 1 : dims[dims.length - 1];
  }

  /** {@return an array's stride along the innermost axis; 1 if there is none} */
  long innerStride(int array) {
    return dims.length == 0 ? 1 : strides[array][dims.length - 1];
  }

  /** {@return where a row of the innermost axis begins in an array, in elements from its first} */
  long rowOffset(int array, long row) {
    long offset = 0;
    for (int axis = dims.length - 2; axis >= 0; axis--) {
      offset += row % dims[axis] * strides[array][axis];
      row /= dims[axis];
    }
    return offset;
  }

  /** {@return the number of elements that the loops run over} */
  long size() {
    long size = 1;
    for (long d : dims) {
      size *= d;
    }
    return size;
  }

  /**
   * Orders the axes by an array's strides, the largest outermost, and leaves out axes of one
   * element.
   *
   * @param leader the array that decides; its steps become the smallest in the inner loops
   * @return for each new axis the old one
   */
  int[] sortBy(int leader) {
    int[] order = new int[dims.length];
    int count = 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != 1) {
        int at = count++;
        // Insertion sort: stable, so that equal strides keep their order, and quick for a few axes.
        while (at > 0 && strides[leader][order[at - 1]] < strides[leader][i]) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = i;
      }
    }
    order = Arrays.copyOf(order, count);
    select(order);
    return order;
  }

  private void select(int[] order) {
    dims = pick(dims, order);
    for (int a = 0; a < strides.length; a++) {
      strides[a] = pick(strides[a], order);
    }
  }

  static long[] pick(long[] values, int[] order) {
    long[] picked = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      picked[i] = values[order[i]];
    }
    return picked;
  }

  static long[] insert(long[] values, int at, long value) {
    long[] longer = new long[values.length + 1];
    System.arraycopy(values, 0, longer, 0, at);
    longer[at] = value;
    System.arraycopy(values, at, longer, at + 1, values.length - at);
    return longer;
  }

  /** Exchanges an axis and the next. */
  void swapWithNext(int axis) {
    swap(dims, axis);
    for (long[] s : strides) {
      swap(s, axis);
    }
  }

  private static void swap(long[] values, int i) {
    long v = values[i];
    values[i] = values[i + 1];
    values[i + 1] = v;
  }

  /** {@return whether an axis and the next can be run through as one, in every array} */
  boolean mergeable(int axis) {
    for (long[] s : strides) {
      if (s[axis] != s[axis + 1] * dims[axis + 1]) {
        return false;
      }
    }
    return true;
  }

  /** Makes an axis and the next one axis. */
  void merge(int axis) {
    dims[axis + 1] *= dims[axis];
    int[] order = new int[dims.length - 1];
    Arrays.setAll(order, i -> i < axis ? i : i + 1);
    select(order);
  }

  /** Makes one axis of each run of axes that lie without gaps in every array. */
  void mergeAll() {
    for (int axis = dims.length - 2; axis >= 0; axis--) {
      if (mergeable(axis)) {
        merge(axis);
      }
    }
  }

  /** {@return row-major strides for the loops, 0 where {@code like} has 0} */
  long[] packedStrides(long[] like) {
    long[] packed = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      packed[i] = like[i] == 0 ? 0 : stride;
      stride *= like[i] == 0 ? 1 : dims[i];
    }
    return packed;
  }

  /** {@return the number of elements that an array with these strides really has} */
  long packedSize(long[] like) {
    long size = 1;
    for (int i = 0; i < dims.length; i++) {
      size *= like[i] == 0 ? 1 : dims[i];
    }
    return size;
  }
}
