package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.simd.gemm.IndirectGemm;

/**
 * The lanes are filters: the gradient by the outputs is transposed, and what a tap meets in a row
 * of the image is a row of the first matrix. For a few channels, as in the first layer of a
 * network.
 */
final class FilterGradientByFilters extends FilterGradient {
  /** So much of the transposed gradient is made at a time. */
  private static final long BLOCK_BYTES = 100_000;

  private final PaddedPlanes image;
  private final IndirectGemm gemm;
  private final int width;
  private final int lines;
  private long[] rowsOfA;
  private OffsetTable rowsOfB;

  FilterGradientByFilters(ConvSpec spec, DType dtype) {
    super(spec, dtype);
    this.image = PaddedPlanes.of(planes, bytes);
    this.gemm = dtype == DType.F32 ? IndirectGemm.F32 : IndirectGemm.F64;
    this.width = Math.ceilDiv(filters, lanes) * lanes;
    long line = Math.max(1, (long) planes.out[2] * width * bytes);
    this.lines = Math.clamp(BLOCK_BYTES / line, 1, Math.max(1, planes.out[1]));
  }

  @Override
  boolean isReasonable() {
    return image.isReasonable(planes, channels);
  }

  @Override
  long sumsOfGroup() {
    return (long) channels * taps * width;
  }

  @Override
  void prepare() {
    int rows = channels * taps;
    rowsOfA = new long[rows];
    for (int row = 0; row < rows; row++) {
      long offset = row / taps * image.planeSize() + image.offsetOfTap(planes, row % taps);
      rowsOfA[row] = offset * bytes;
    }
    rowsOfB = new OffsetTable(planes.out[2]);
    for (int j = 0; j < planes.out[2]; j++) {
      rowsOfB.add((long) j * width * bytes);
    }
    long products = spec.output().size() / Math.max(1, filters) * rows * width / lanes;
    gemm.warmUp(rows, Math.min(width / lanes, gemm.vectors(rows)), products);
  }

  @Override
  long memory() {
    return (long) lines * planes.out[2] * width + channels * image.planeSize() + image.extent[2];
  }

  @Override
  void add(long memory, long x, long grad, long sums) {
    long laidOut = memory + (long) lines * planes.out[2] * width * bytes;
    image.fill(x, channels, 0, 0, laidOut);
    for (int j0 = 0; j0 < planes.out[0]; j0++) {
      for (int j1 = 0; j1 < planes.out[1]; j1 += lines) {
        int count = Math.min(lines, planes.out[1] - j1);
        long first = ((long) j0 * planes.out[1] + j1) * planes.out[2];
        gemm.transpose(
            grad + first * bytes,
            outSize * bytes,
            memory,
            (long) width * bytes,
            count * planes.out[2],
            filters);
        add(
            memory,
            laidOut + ((long) j0 * image.extent[1] + j1) * image.pitch * bytes,
            count,
            sums);
      }
    }
  }

  private void add(long transposed, long elements, int count, long sums) {
    int vectors = width / lanes;
    int rows = channels * taps;
    int panels = Math.ceilDiv(vectors, gemm.vectors(rows));
    for (int panel = 0; panel < panels; panel++) {
      int first = (int) ((long) vectors * panel / panels);
      int end = (int) ((long) vectors * (panel + 1) / panels);
      long column = (long) first * lanes * bytes;
      // One line after the other: between two lies what no output of the line meets.
      for (int line = 0; line < count; line++) {
        gemm.multiply(
            rows,
            end - first,
            planes.out[2],
            elements + (long) line * image.pitch * bytes,
            rowsOfA,
            0,
            transposed + (long) line * planes.out[2] * width * bytes + column,
            rowsOfB.address(0),
            sums + column,
            (long) width * bytes,
            true);
      }
    }
  }

  @Override
  Finish finish() {
    Layout all = Layout.contiguous(Shape.of(around(new int[] {groups, channels}, width)));
    int rank = all.shape().rank();
    int[] order = new int[rank];
    order[1] = rank - 1;
    order[2] = 1;
    for (int i = 3; i < rank; i++) {
      order[i] = i - 1;
    }
    Layout turned = all.slice(rank - 1, 0, filters, 1).permute(order);
    return StridedCopy.of(dtype, turned, Layout.contiguous(turned.shape()))::run;
  }
}
