package dev.lanewise.simd;

/**
 * Planes of an image laid out so that a convolution needs to ask nothing: padded with zeros, and
 * where the window moves by more than one element, with the elements of each residue of the stride
 * side by side. Then what one tap of the window meets, for all outputs of a row, lies side by side,
 * and at the same distance from the output's number for all rows of a plane.
 *
 * <p>Along each axis, element {@code e} of phase {@code f} is element {@code e · stride + f − pad}
 * of the image, or a zero outside of it. A part of the outermost axis longer than one can be laid
 * out at a time.
 */
final class PaddedPlanes {
  /** An array has at most 2³¹ elements; a gigabyte of temporaries is too many. */
  static final double MOST_ELEMENTS = 1 << 28;

  final int[] in;
  final int[] stride;
  final int[] pad;
  final int[] phases;

  /** How many elements each phase has. */
  final int[] extent;

  /**
   * From one row to the next. The zeros behind a row are also those before the next one, as far as
   * there are both.
   */
  final int pitch;

  final int bytes;

  /**
   * Describes a layout.
   *
   * @param in the image's extents
   * @param stride the steps of the window
   * @param pad how far before the image element 0 of phase 0 lies; negative leaves elements out
   * @param phases how many phases are used
   * @param extent how many elements each phase has
   * @param share how many zeros a row may share with the next, at most
   * @param bytes the size of an element
   */
  PaddedPlanes(
      int[] in, int[] stride, int[] pad, int[] phases, int[] extent, int share, int bytes) {
    this.in = in;
    this.stride = stride;
    this.pad = pad;
    this.phases = phases;
    this.extent = extent;
    this.bytes = bytes;
    int both = Math.min(low(2, -pad[2]), extent[2] - high(2, -pad[2]));
    this.pitch = extent[2] - (phases[2] == 1 ? Math.min(share, both) : 0);
  }

  /** {@return the layout in which outputs are numbered as those of a convolution} */
  static PaddedPlanes of(Planes planes, int bytes) {
    int[] phases = new int[3];
    int[] extent = new int[3];
    int share = 0;
    for (int axis = 0; axis < 3; axis++) {
      int stride = planes.stride[axis];
      phases[axis] = 1;
      int reach = 0;
      for (int k = 0; k < planes.kernel[axis]; k++) {
        phases[axis] = Math.max(phases[axis], k * planes.dilation[axis] % stride + 1);
        reach = k * planes.dilation[axis] / stride;
      }
      extent[axis] = Math.addExact(planes.out[axis], reach);
      share = reach;
    }
    return new PaddedPlanes(planes.in, planes.stride, planes.pad, phases, extent, share, bytes);
  }

  /** {@return whether some planes take not much more memory than the arrays do} */
  boolean isReasonable(Planes planes, int count) {
    double laidOut = (double) phases[0] * phases[1] * phases[2] * extent[0] * extent[1] * extent[2];
    return laidOut <= 8.0 * ((double) planes.inSize() + planes.outSize()) + 65_536
        && laidOut * count <= MOST_ELEMENTS;
  }

  /** {@return the offset of a tap of a convolution} */
  long offsetOfTap(Planes planes, int tap) {
    int[] k = planes.tap(tap);
    return offset(k[0] * planes.dilation[0], k[1] * planes.dilation[1], k[2] * planes.dilation[2]);
  }

  /** {@return the number of elements of a phase of a plane} */
  long phaseSize() {
    return (long) extent[0] * extent[1] * pitch;
  }

  /** {@return the number of elements of a plane, all phases together} */
  long planeSize() {
    return phaseSize() * phases[0] * phases[1] * phases[2];
  }

  /**
   * {@return the distance in elements from an output's number to what it meets}
   *
   * @param at the position along each axis, from the padding's first element
   */
  long offset(int... at) {
    long phase = 0;
    long element = 0;
    for (int axis = 0; axis < 3; axis++) {
      phase = phase * phases[axis] + at[axis] % stride[axis];
      element = element * (axis == 2 ? pitch : extent[axis]) + at[axis] / stride[axis];
    }
    return phase * phaseSize() + element;
  }

  /**
   * Lays planes out, or a part of them.
   *
   * @param from the first plane
   * @param count how many planes
   * @param first the first element to lay out along the outermost axis, counted in strides: it
   *     becomes element 0
   * @param axis the axis of {@code first}
   * @param to the memory, of the planes' sizes and a row
   */
  void fill(long from, int count, int axis, int first, long to) {
    long plane = (long) in[0] * in[1] * in[2] * bytes;
    long target = to;
    for (int c = 0; c < count; c++) {
      for (int f0 = 0; f0 < phases[0]; f0++) {
        for (int f1 = 0; f1 < phases[1]; f1++) {
          for (int f2 = 0; f2 < phases[2]; f2++) {
            fillPhase(
                from + c * plane,
                f0 - shifted(0, axis, first),
                f1 - shifted(1, axis, first),
                f2 - shifted(2, axis, first),
                target);
            target += phaseSize() * bytes;
          }
        }
      }
    }
    zero(target, extent[2] - pitch);
  }

  private int shifted(int axis, int cut, int first) {
    return pad[axis] - (axis == cut ? first * stride[axis] : 0);
  }

  /** Copies what lies inside; {@code shift} is the image's index of element 0. */
  private void fillPhase(long plane, int shift0, int shift1, int shift2, long to) {
    int low = low(2, shift2);
    int width = Math.max(0, high(2, shift2) - low);
    int low1 = low(1, shift1);
    int high1 = Math.max(low1, high(1, shift1));
    int low0 = low(0, shift0);
    int high0 = high(0, shift0);
    for (int e0 = 0; e0 < extent[0]; e0++) {
      long slab = to + (long) e0 * extent[1] * pitch * bytes;
      if (e0 < low0 || e0 >= high0 || width == 0) {
        zero(slab, (long) extent[1] * pitch);
        continue;
      }
      zero(slab, (long) low1 * pitch);
      RowCopies.zeroColumns(
          slab + (long) low1 * pitch * bytes, (long) pitch * bytes, high1 - low1, low * bytes);
      RowCopies.zeroColumns(
          slab + ((long) low1 * pitch + low + width) * bytes,
          (long) pitch * bytes,
          high1 - low1,
          (pitch - low - width) * bytes);
      zero(slab + (long) high1 * pitch * bytes, (long) (extent[1] - high1) * pitch);
      long row =
          ((long) (e0 * stride[0] + shift0) * in[1] + (long) low1 * stride[1] + shift1) * in[2];
      RowCopies.gather(
          plane + (row + (long) low * stride[2] + shift2) * bytes,
          (long) stride[1] * in[2] * bytes,
          stride[2],
          slab + ((long) low1 * pitch + low) * bytes,
          (long) pitch * bytes,
          high1 - low1,
          width,
          bytes);
    }
  }

  private int low(int axis, int shift) {
    return Math.min(extent[axis], shift >= 0 ? 0 : Math.ceilDiv(-shift, stride[axis]));
  }

  private int high(int axis, int shift) {
    int room = in[axis] - 1 - shift;
    return room < 0 ? 0 : Math.min(extent[axis], room / stride[axis] + 1);
  }

  private void zero(long address, long elements) {
    RowCopies.zero(address, elements * bytes);
  }
}
