package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Unfolds an image into the matrix {@code [channels · taps, outputs]} whose product with the filter
 * is the convolution, and folds such a matrix back by adding.
 */
final class Im2col {
  private static final List<Expr> SUM = List.of(Expr.arg(0).add(Expr.arg(1)));
  private static final double[] NO_PARAMS = {};

  private final Planes planes;
  private final int bytes;
  private final LoopKernel add;

  Im2col(Planes planes, DType dtype) {
    this.planes = planes;
    this.bytes = dtype.byteSize();
    this.add = Kernels.get(Form.MAP, dtype, SUM, null, new boolean[] {false, false});
  }

  /** Writes the matrix of an image. */
  void unfold(long image, int channels, long matrix) {
    long inPlane = (long) planes.inSize() * bytes;
    long row = (long) planes.outSize() * bytes;
    long to = matrix;
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < planes.taps(); tap++) {
        unfoldTap(image + c * inPlane, tap, to);
        to += row;
      }
    }
  }

  /** Adds the rows of a matrix to the places of an image that they were unfolded from. */
  void fold(long matrix, int channels, long image) {
    long inPlane = (long) planes.inSize() * bytes;
    long row = (long) planes.outSize() * bytes;
    long[] pointers = Tiles.pointers(3);
    long from = matrix;
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < planes.taps(); tap++) {
        foldTap(from, tap, image + c * inPlane, pointers);
        from += row;
      }
    }
  }

  private void unfoldTap(long plane, int tap, long row) {
    int k2 = tap % planes.kernel[2];
    int k1 = tap / planes.kernel[2] % planes.kernel[1];
    int k0 = tap / planes.kernel[2] / planes.kernel[1];
    MemorySegment from = ALL.asSlice(plane, (long) planes.inSize() * bytes);
    MemorySegment to = ALL.asSlice(row, (long) planes.outSize() * bytes);
    int w = planes.out[2];
    for (int o0 = 0; o0 < planes.out[0]; o0++) {
      int i0 = planes.position(0, o0, k0);
      long slab = (long) o0 * planes.out[1] * w;
      if (i0 < 0 || i0 >= planes.in[0]) {
        zero(to, slab, (long) planes.out[1] * w);
        continue;
      }
      int first = planes.firstInside(1, k1);
      int end = Math.max(first, planes.endInside(1, k1));
      zero(to, slab, (long) first * w);
      zero(to, slab + (long) end * w, (long) (planes.out[1] - end) * w);
      long source = ((long) i0 * planes.in[1] + planes.position(1, first, k1)) * planes.in[2];
      unfoldRows(from, source, to, slab + (long) first * w, end - first, k2);
    }
  }

  private void unfoldRows(
      MemorySegment from, long source, MemorySegment to, long target, int rows, int k2) {
    int w = planes.out[2];
    int first = planes.firstInside(2, k2);
    int end = Math.max(first, planes.endInside(2, k2));
    if (first == end) {
      zero(to, target, (long) rows * w); // the tap lies in the padding everywhere
      return;
    }
    int shift = planes.position(2, 0, k2);
    int step = planes.stride[2];
    if (step == 1 && planes.stride[1] == 1 && w == planes.in[2] && rows > 0) {
      // The rows of a "same" convolution lie shifted as a whole: one copy, then the edges.
      long begin = Math.max(0, source + shift);
      long stop = Math.min(source + shift + (long) rows * w, (long) planes.inSize());
      long at = target + begin - (source + shift);
      MemorySegment.copy(from, begin * bytes, to, at * bytes, (stop - begin) * bytes);
      for (int r = 0; r < rows; r++) {
        zeroColumns(to, target + (long) r * w, 0, first);
        zeroColumns(to, target + (long) r * w, end, w);
      }
      return;
    }
    for (int r = 0; r < rows; r++) {
      long line = source + (long) r * planes.stride[1] * planes.in[2] + shift;
      long at = target + (long) r * w;
      zeroColumns(to, at, 0, first);
      zeroColumns(to, at, end, w);
      if (step == 1) {
        MemorySegment.copy(
            from, (line + first) * bytes, to, (at + first) * bytes, (long) (end - first) * bytes);
      } else if (bytes == 4) {
        for (int o = first; o < end; o++) {
          to.setAtIndex(JAVA_INT, at + o, from.getAtIndex(JAVA_INT, line + (long) o * step));
        }
      } else {
        for (int o = first; o < end; o++) {
          to.setAtIndex(JAVA_LONG, at + o, from.getAtIndex(JAVA_LONG, line + (long) o * step));
        }
      }
    }
  }

  private void foldTap(long row, int tap, long plane, long[] pointers) {
    int k2 = tap % planes.kernel[2];
    int k1 = tap / planes.kernel[2] % planes.kernel[1];
    int k0 = tap / planes.kernel[2] / planes.kernel[1];
    int first = planes.firstInside(1, k1);
    int rows = planes.endInside(1, k1) - first;
    int left = planes.firstInside(2, k2);
    int cols = planes.endInside(2, k2) - left;
    if (rows <= 0 || cols <= 0) {
      return;
    }
    for (int o0 = planes.firstInside(0, k0); o0 < planes.endInside(0, k0); o0++) {
      long from = ((long) o0 * planes.out[1] + first) * planes.out[2] + left;
      long to =
          ((long) planes.position(0, o0, k0) * planes.in[1] + planes.position(1, first, k1))
                  * planes.in[2]
              + planes.position(2, left, k2);
      long toRow = (long) planes.stride[1] * planes.in[2];
      if (planes.stride[2] == 1) {
        pointers[0] = plane + to * bytes;
        pointers[1] = toRow * bytes;
        pointers[2] = row + from * bytes;
        pointers[3] = (long) planes.out[2] * bytes;
        pointers[4] = pointers[0];
        pointers[5] = pointers[1];
        add.run(pointers, NO_PARAMS, rows, cols);
      } else {
        foldStrided(row, from, plane, to, toRow, rows, cols);
      }
    }
  }

  private void foldStrided(
      long row, long from, long plane, long to, long toRow, int rows, int cols) {
    MemorySegment source = ALL.asSlice(row, (long) planes.outSize() * bytes);
    MemorySegment target = ALL.asSlice(plane, (long) planes.inSize() * bytes);
    int step = planes.stride[2];
    for (int r = 0; r < rows; r++) {
      long s = from + (long) r * planes.out[2];
      long t = to + r * toRow;
      if (bytes == 4) {
        for (int o = 0; o < cols; o++) {
          long at = t + (long) o * step;
          target.setAtIndex(
              JAVA_FLOAT,
              at,
              target.getAtIndex(JAVA_FLOAT, at) + source.getAtIndex(JAVA_FLOAT, s + o));
        }
      } else {
        for (int o = 0; o < cols; o++) {
          long at = t + (long) o * step;
          target.setAtIndex(
              JAVA_DOUBLE,
              at,
              target.getAtIndex(JAVA_DOUBLE, at) + source.getAtIndex(JAVA_DOUBLE, s + o));
        }
      }
    }
  }

  private void zero(MemorySegment to, long first, long count) {
    if (count > 0) {
      to.asSlice(first * bytes, count * bytes).fill((byte) 0);
    }
  }

  /** A few elements at the edge of a row: a loop is cheaper than a call. */
  private void zeroColumns(MemorySegment to, long row, int first, int end) {
    for (int i = first; i < end; i++) {
      if (bytes == 4) {
        to.setAtIndex(JAVA_INT, row + i, 0);
      } else {
        to.setAtIndex(JAVA_LONG, row + i, 0L);
      }
    }
  }
}
