package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;

/**
 * An array of a {@link DensePlan} whose kernel needs one without gaps: the array itself, or a copy
 * in the call's memory.
 */
final class DenseArgument {
  private final StridedCopy in;
  private final StridedCopy out;

  /** Where in the call's memory the copy lies. */
  private final long place;

  /** How the kernel finds the elements. */
  final Layout layout;

  // One call's: where the array is, and where the kernel finds its elements.
  private long given;
  private long address;

  private DenseArgument(Layout layout, StridedCopy in, StridedCopy out, long place) {
    this.layout = layout;
    this.in = in;
    this.out = out;
    this.place = place;
  }

  /** {@return an array that a kernel takes as it is} */
  static DenseArgument asItIs(Layout layout) {
    return new DenseArgument(layout, null, null, 0);
  }

  /**
   * {@return an array of which a kernel gets a copy}
   *
   * @param read whether its elements are copied before
   * @param written whether they are copied back
   * @param place where in the call's memory the copy lies
   */
  static DenseArgument copied(
      DType dtype, Layout layout, boolean read, boolean written, long place) {
    Layout dense = Layout.contiguous(layout.shape());
    return new DenseArgument(
        dense,
        read ? StridedCopy.of(dtype, layout, dense) : null,
        written ? StridedCopy.of(dtype, dense, layout) : null,
        place);
  }

  /** Says which array it is in the next call; the caller keeps it reachable. */
  void at(NdArray array) {
    given = Addresses.of(array);
  }

  /** {@return where the kernel finds the elements} */
  long address() {
    return address;
  }

  /** Copies the elements to the call's memory if they are read and have gaps. */
  void enter(long memory, Workers workers) {
    address = in == null && out == null ? given : memory + place;
    if (in != null) {
      in.run(given, address, workers);
    }
  }

  /** Copies the elements to where they belong if they are written and have gaps. */
  void finish(Workers workers) {
    if (out != null) {
      out.run(address, given, workers);
    }
  }
}
