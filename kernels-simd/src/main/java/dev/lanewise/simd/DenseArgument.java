package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;

/**
 * An array of a plan whose kernel needs one without gaps: the array itself, or a copy in the call's
 * memory.
 */
final class DenseArgument {
  private final StridedCopy copy;

  /** How many bytes of memory the copy takes; 0 if there is none. */
  final long bytes;

  /** How the kernel finds the elements. */
  final Layout layout;

  private DenseArgument(Layout layout, StridedCopy copy, long bytes) {
    this.layout = layout;
    this.copy = copy;
    this.bytes = bytes;
  }

  private DenseArgument(DType dtype, Layout dense, Layout from, Layout to) {
    this(
        dense,
        StridedCopy.of(dtype, from, to),
        Scratch.aligned(dense.shape().size() * dtype.byteSize()));
  }

  /** {@return an array that is read} */
  static DenseArgument input(DType dtype, Layout layout) {
    return input(dtype, layout, layout.isContiguous());
  }

  /** {@return an array that is read, as it is if it {@code fits}} */
  static DenseArgument input(DType dtype, Layout layout, boolean fits) {
    Layout dense = Layout.contiguous(layout.shape());
    return fits ? asItIs(layout) : new DenseArgument(dtype, dense, layout, dense);
  }

  /** {@return an array that is written in whole} */
  static DenseArgument output(DType dtype, Layout layout) {
    return output(dtype, layout, layout.isContiguous());
  }

  /** {@return an array that is written in whole, as it is if it {@code fits}} */
  static DenseArgument output(DType dtype, Layout layout, boolean fits) {
    Layout dense = Layout.contiguous(layout.shape());
    return fits ? asItIs(layout) : new DenseArgument(dtype, dense, dense, layout);
  }

  private static DenseArgument asItIs(Layout layout) {
    return new DenseArgument(layout, null, 0);
  }

  /** {@return the address of an input's elements, copied to {@code scratch} if they have gaps} */
  long enter(long address, long scratch, Workers workers) {
    if (copy == null) {
      return address;
    }
    copy.run(address, scratch, workers);
    return scratch;
  }

  /** {@return where to write an output's elements} */
  long target(long address, long scratch) {
    return copy == null ? address : scratch;
  }

  /** Copies an output's elements to where they belong. */
  void finish(long address, long scratch, Workers workers) {
    if (copy != null) {
      copy.run(scratch, address, workers);
    }
  }
}
