package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Nested loops over several arrays of one shape: extents, outermost first, and for each array its
 * strides in elements. As few axes as possible: those of one element are left out, and neighbours
 * that lie without a gap in every array are one.
 *
 * @param dims the extents
 * @param strides the strides of each array
 */
record Walk(long[] dims, long[][] strides) {

  /** How an array's elements are found from the number of a step in the loops. */
  enum Form {
    /** Side by side, in the order of the loops. */
    DENSE,
    /** One element alone. */
    SCALAR,
    /** By the index along each axis. */
    STRIDED
  }

  /**
   * {@return the loops over some axes of arrays of one shape}
   *
   * @param axes the axes
   * @param leader the array in whose memory the innermost loops make the smallest steps
   * @param arrays the arrays
   */
  static Walk of(int[] axes, int leader, NdArray... arrays) {
    // Stable, so that axes of equal strides keep their order.
    int[] order =
        Arrays.stream(axes)
            .filter(axis -> arrays[0].shape().dim(axis) != 1)
            .boxed()
            .sorted(
                (a, b) ->
                    Long.compare(
                        arrays[leader].layout().stride(b), arrays[leader].layout().stride(a)))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] dims = Arrays.stream(order).mapToLong(axis -> arrays[0].shape().dim(axis)).toArray();
    long[][] strides = new long[arrays.length][];
    Arrays.setAll(
        strides, i -> Arrays.stream(order).mapToLong(arrays[i].layout()::stride).toArray());
    return merged(dims, strides);
  }

  /** {@return the loops over all axes of arrays of one shape, the first array leading} */
  static Walk of(NdArray... arrays) {
    return of(IntStream.range(0, arrays[0].shape().rank()).toArray(), 0, arrays);
  }

  /**
   * {@return loops of as few axes as possible}
   *
   * @param dims extents
   * @param strides the strides of each array
   */
  static Walk merged(long[] dims, long[][] strides) {
    int count = 0;
    long[] extents = new long[dims.length];
    long[][] steps = new long[strides.length][dims.length];
    for (int axis = 0; axis < dims.length; axis++) {
      boolean joins = count > 0;
      for (int i = 0; i < strides.length && joins; i++) {
        joins = steps[i][count - 1] == strides[i][axis] * dims[axis];
      }
      int at = joins ? count - 1 : count++;
      extents[at] = joins ? extents[at] * dims[axis] : dims[axis];
      for (int i = 0; i < strides.length; i++) {
        steps[i][at] = strides[i][axis];
      }
    }
    int rank = count;
    Arrays.setAll(steps, i -> Arrays.copyOf(steps[i], rank));
    return new Walk(Arrays.copyOf(extents, rank), steps);
  }

  int rank() {
    return dims.length;
  }

  /** {@return the number of steps} */
  long size() {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  /** {@return the strides of an array without gaps in the order of the loops} */
  long[] packed() {
    long[] packed = new long[dims.length];
    long stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      packed[axis] = stride;
      stride *= dims[axis];
    }
    return packed;
  }

  /** {@return how an array's elements are found} */
  Form form(int array) {
    if (Arrays.equals(strides[array], packed())) {
      return Form.DENSE;
    }
    return Arrays.stream(strides[array]).allMatch(s -> s == 0) ? Form.SCALAR : Form.STRIDED;
  }

  /** {@return the distance of an array's elements along the innermost axis; 0 if there is none} */
  long innerStride(int array) {
    return dims.length == 0 ? 0 : strides[array][dims.length - 1];
  }

  /** {@return how far from its first element an array's elements lie at most} */
  long reach(int array) {
    long reach = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      reach += (dims[axis] - 1) * Math.abs(strides[array][axis]);
    }
    return reach;
  }

  /** {@return how far the elements of any array lie from its first at most} */
  long reach() {
    return IntStream.range(0, strides.length).mapToLong(this::reach).max().orElse(0);
  }
}
