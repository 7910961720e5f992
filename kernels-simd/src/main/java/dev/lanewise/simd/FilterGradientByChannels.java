package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.simd.gemm.IndirectGemm;

/**
 * The lanes are channels: the image is laid out with all channels of an element side by side, and
 * what the taps of one line of the window meet at an output is then a row of the second matrix; the
 * first is the gradient by the outputs as it is. Elements of a line are sorted by their residue of
 * the dilation, so that those of neighbouring taps lie side by side.
 */
final class FilterGradientByChannels extends FilterGradient {
  /** So much of an image is laid out at a time: it stays in the second-level cache. */
  private static final long BAND_BYTES = 400_000;

  private final IndirectGemm gemm;

  /** From one element to the next, in channels. */
  private final int width;

  /** The axis along which a part of the outputs is taken at a time, and how many. */
  private final int cut;

  private final int band;

  /** The extents of the padded image, of those elements that are used. */
  private final int[] extent = new int[3];

  /** The distance between neighbouring taps of a line, and how many elements have one residue. */
  private final int dilation;

  private final int ofResidue;
  private final int[] in;
  private final double laidOut;

  /**
   * Memory for elements that are transposed before they are put into their places: where rows are
   * shorter than the square that is transposed at a time, or are sorted.
   */
  private final long loose;

  private long[] rowsOfA;
  private OffsetTable rowsOfB;

  FilterGradientByChannels(ConvSpec spec, DType dtype) {
    super(spec, dtype);
    this.gemm = dtype == DType.F32 ? IndirectGemm.F32 : IndirectGemm.F64;
    this.width = Math.ceilDiv(channels, lanes) * lanes;
    this.in = planes.in;
    double all = width;
    for (int axis = 0; axis < 3; axis++) {
      extent[axis] = covered(axis, planes.out[axis]);
      all *= extent[axis];
    }
    // The outermost that there is more than one of: then a part is one stretch of the image.
    this.cut = extent[0] > 1 ? 0 : extent[1] > 1 ? 1 : 2;
    this.laidOut = all;
    long slice = Math.max(1, (long) (all / extent[cut]) * bytes);
    long fits = (BAND_BYTES / slice - covered(cut, 1)) / planes.stride[cut] + 1;
    int least = Math.min(planes.out[cut], 4);
    long wanted = Math.clamp(fits, least, Math.max(least, planes.out[cut]));
    int bands = (int) Math.ceilDiv(planes.out[cut], Math.max(1, wanted));
    this.band = Math.ceilDiv(planes.out[cut], Math.max(1, bands));
    extent[cut] = covered(cut, band);
    this.dilation = planes.kernel[2] == 1 ? 1 : planes.dilation[2];
    this.ofResidue = Math.ceilDiv(extent[2], dilation);
    this.loose =
        in[2] < lanes || dilation > 1 ? (long) Math.min(in[cut], extent[cut]) * inner() * width : 0;
  }

  /** {@return how many elements of the padded image some outputs meet} */
  private int covered(int axis, int outputs) {
    return (Math.max(1, outputs) - 1) * planes.stride[axis]
        + (planes.kernel[axis] - 1) * planes.dilation[axis]
        + 1;
  }

  /** {@return the number of elements of the image for each one along the cut axis} */
  private long inner() {
    long inner = 1;
    for (int axis = cut + 1; axis < 3; axis++) {
      inner *= in[axis];
    }
    return inner;
  }

  @Override
  boolean isReasonable() {
    return laidOut <= 8.0 * width * (inSize + outSize) + 65_536
        && (double) extent[0] * extent[1] * extent[2] * width <= PaddedPlanes.MOST_ELEMENTS;
  }

  @Override
  long sumsOfGroup() {
    return (long) filters * taps * width;
  }

  private int outputsOfBand() {
    long outputs = band;
    for (int axis = cut + 1; axis < 3; axis++) {
      outputs *= planes.out[axis];
    }
    return Math.toIntExact(outputs);
  }

  @Override
  void prepare() {
    rowsOfA = new long[filters];
    for (int k = 0; k < filters; k++) {
      rowsOfA[k] = k * outSize * bytes;
    }
    int outputs = outputsOfBand();
    rowsOfB = new OffsetTable(outputs);
    for (int o = 0; o < outputs; o++) {
      int j2 = o % planes.out[2];
      int j1 = o / planes.out[2] % planes.out[1];
      int j0 = o / planes.out[2] / planes.out[1];
      long element = element(j0 * planes.stride[0], j1 * planes.stride[1], j2 * planes.stride[2]);
      rowsOfB.add(element * width * bytes);
    }
    long products = spec.output().size() / Math.max(1, lanes) * taps * width;
    gemm.warmUp(
        filters, Math.min(planes.kernel[2] * width / lanes, gemm.vectors(filters)), products);
  }

  private long element(int u0, int u1, int u2) {
    return ((long) u0 * extent[1] + u1) * lineSize()
        + (long) u2 % dilation * ofResidue
        + u2 / dilation;
  }

  private long lineSize() {
    return (long) ofResidue * dilation;
  }

  private long imageSize() {
    return (long) extent[0] * extent[1] * lineSize() * width;
  }

  @Override
  long memory() {
    return imageSize() + loose + 3L * lanes;
  }

  @Override
  void add(long memory, long x, long grad, long sums) {
    for (int first = 0; first < planes.out[cut]; first += band) {
      int count = Math.min(band, planes.out[cut] - first);
      int outputs = outputsOfBand() / band * count;
      fill(memory, x, first);
      long grads = grad + (long) first * (outputsOfBand() / band) * bytes;
      int blocks = Math.max(1, Math.ceilDiv(outputs, gemm.depth()));
      for (int b = 0; b < blocks; b++) {
        int o = (int) ((long) outputs * b / blocks);
        int next = (int) ((long) outputs * (b + 1) / blocks);
        multiply(o, next - o, grads + (long) o * bytes, memory, sums);
      }
    }
  }

  private void multiply(int output, int depth, long grads, long image, long sums) {
    int columns = planes.kernel[2] * width;
    int vectors = columns / lanes;
    int panels = Math.ceilDiv(vectors, gemm.vectors(filters));
    for (int tap = 0; tap < taps; tap += columns / width) {
      // The first tap of a line of the window.
      int k1 = tap / planes.kernel[2] % planes.kernel[1];
      int k0 = tap / planes.kernel[2] / planes.kernel[1];
      long meets = element(k0 * planes.dilation[0], k1 * planes.dilation[1], 0);
      for (int panel = 0; panel < panels; panel++) {
        int first = (int) ((long) vectors * panel / panels);
        int end = (int) ((long) vectors * (panel + 1) / panels);
        long column = (long) first * lanes;
        gemm.multiply(
            filters,
            end - first,
            depth,
            grads,
            rowsOfA,
            0,
            image + (meets * width + column) * bytes,
            rowsOfB.address(output),
            sums + ((long) tap * width + column) * bytes,
            (long) taps * width * bytes,
            true);
      }
    }
  }

  /** {@return where in the image a band's first element of an axis lies; outside in the padding} */
  private int shift(int axis, int first) {
    return (axis == cut ? first * planes.stride[axis] : 0) - planes.pad[axis];
  }

  /** Lays out what a band of outputs meets. */
  private void fill(long memory, long x, int first) {
    int shift2 = shift(2, first);
    long from = 0;
    long origin = 0;
    if (loose > 0) {
      // All rows that are needed, one behind the other.
      int low = Math.clamp(shift(cut, first), 0, in[cut]);
      int high = Math.clamp((long) shift(cut, first) + extent[cut], low, in[cut]);
      origin = low * inner();
      from = memory + imageSize() * bytes;
      int elements = Math.toIntExact((high - low) * inner());
      gemm.transpose(
          x + origin * bytes, inSize * bytes, from, (long) width * bytes, elements, channels);
    }
    long row = (long) width * bytes;
    int low = Math.clamp(-(long) shift2, 0, extent[2]);
    int high = Math.clamp((long) in[2] - shift2, low, extent[2]);
    long to = memory;
    for (int u0 = 0; u0 < extent[0]; u0++) {
      for (int u1 = 0; u1 < extent[1]; u1++) {
        int i0 = u0 + shift(0, first);
        int i1 = u1 + shift(1, first);
        if (i0 < 0 || i0 >= in[0] || i1 < 0 || i1 >= in[1] || low == high) {
          RowCopies.zero(to, lineSize() * row);
        } else {
          long element = ((long) i0 * in[1] + i1) * in[2] + shift2;
          for (int f = 0; f < dilation; f++) {
            fillResidue(f, x, from, element, origin, low, high, to + (long) f * ofResidue * row);
          }
        }
        to += lineSize() * row;
      }
    }
  }

  /** Lays out every {@code dilation}-th element of a line, from {@code f} on. */
  private void fillResidue(
      int f, long x, long sorted, long line, long origin, int low, int high, long to) {
    long row = (long) width * bytes;
    int first = Math.clamp(Math.ceilDiv((long) low - f, dilation), 0, ofResidue);
    int end = Math.clamp(Math.ceilDiv((long) high - f, dilation), first, ofResidue);
    long element = line + f + (long) first * dilation;
    RowCopies.zero(to, first * row);
    if (loose > 0) {
      RowCopies.rows(
          sorted + (element - origin) * row,
          dilation * row,
          to + first * row,
          row,
          end - first,
          width * bytes);
    } else {
      gemm.transpose(
          x + element * bytes, inSize * bytes, to + first * row, row, end - first, channels);
    }
    RowCopies.zero(to + end * row, (ofResidue - end) * row);
  }

  @Override
  Finish finish() {
    Layout all = Layout.contiguous(Shape.of(around(new int[] {groups * filters}, width)));
    int rank = all.shape().rank();
    int[] order = new int[rank];
    order[1] = rank - 1;
    for (int i = 2; i < rank; i++) {
      order[i] = i - 1;
    }
    Layout used = all.slice(rank - 1, 0, channels, 1).permute(order);
    return StridedCopy.of(dtype, used, Layout.contiguous(used.shape()))::run;
  }
}
