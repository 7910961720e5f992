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

  private DenseArgument(StridedCopy copy, long bytes) {
    this.copy = copy;
    this.bytes = bytes;
  }

  /** {@return an array that is read} */
  static DenseArgument input(DType dtype, Layout layout) {
    Layout dense = Layout.contiguous(layout.shape());
    return of(dtype, layout, layout, dense);
  }

  /** {@return an array that is written in whole} */
  static DenseArgument output(DType dtype, Layout layout) {
    Layout dense = Layout.contiguous(layout.shape());
    return of(dtype, layout, dense, layout);
  }

  private static DenseArgument of(DType dtype, Layout layout, Layout from, Layout to) {
    return layout.isContiguous()
        ? new DenseArgument(null, 0)
        : new DenseArgument(
            StridedCopy.of(dtype, from, to),
            Scratch.aligned(layout.shape().size() * dtype.byteSize()));
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
