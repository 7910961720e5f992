package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;

import dev.lanewise.simd.Lanes;
import dev.lanewise.simd.VectorClasses;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies parts of matrices from one stride to another. Elements are moved as bits, so one loop
 * serves both types. Addresses, strides and widths are in bytes.
 */
final class Pack {
  private static final VectorSpecies<Integer> SPECIES = Lanes.I32;
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  private Pack() {}

  /**
   * Copies rows in whole vectors, and fills the last vector of each row with zeros. Rows may
   * overlap in the target as long as each starts behind the one before: the zeros are overwritten.
   *
   * @param from the first row
   * @param fromStride from one row to the next
   * @param to the first row of the target
   * @param toStride from one row of the target to the next
   * @param rows how many
   * @param width the bytes to copy of each row, a multiple of 4
   */
  static void rows(long from, long fromStride, long to, long toStride, int rows, int width) {
    if (width > 4 * VECTOR_BYTES) {
      for (int r = 0; r < rows; r++) {
        row(from + r * fromStride, to + r * toStride, width);
      }
      return;
    }
    // A panel: the long loop inside, as a loop of two or three turns costs more than it copies.
    int whole = width - width % VECTOR_BYTES;
    for (int v = 0; v < whole; v += VECTOR_BYTES) {
      column(from + v, fromStride, to + v, toStride, rows);
    }
    if (whole < width) {
      columnTail(from + whole, fromStride, to + whole, toStride, rows, width - whole);
    }
  }

  private static void row(long from, long to, int width) {
    int at = 0;
    for (; at <= width - VECTOR_BYTES; at += VECTOR_BYTES) {
      load(from + at).intoMemorySegment(ALL, to + at, ORDER);
    }
    if (at < width) {
      load(from + at, mask(width - at)).intoMemorySegment(ALL, to + at, ORDER);
    }
  }

  private static void column(long from, long fromStride, long to, long toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      load(from).intoMemorySegment(ALL, to, ORDER);
      from += fromStride;
      to += toStride;
    }
  }

  private static void columnTail(
      long from, long fromStride, long to, long toStride, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      load(from, mask(width)).intoMemorySegment(ALL, to, ORDER);
      from += fromStride;
      to += toStride;
    }
  }

  /**
   * Copies rows out of a buffer, and writes no byte beyond their width.
   *
   * @param from the first row
   * @param fromStride from one row to the next, all readable in whole vectors
   * @param to the first row of the target
   * @param toStride from one row of the target to the next
   * @param rows how many
   * @param width the bytes to copy of each row, a multiple of 4
   */
  static void unpack(long from, long fromStride, long to, long toStride, int rows, int width) {
    int whole = width - width % VECTOR_BYTES;
    for (int r = 0; r < rows; r++) {
      for (int at = 0; at < whole; at += VECTOR_BYTES) {
        load(from + at).intoMemorySegment(ALL, to + at, ORDER);
      }
      if (whole < width) {
        load(from + whole).intoMemorySegment(ALL, to + whole, ORDER, mask(width - whole));
      }
      from += fromStride;
      to += toStride;
    }
  }

  /**
   * Copies a matrix that is stored by columns: {@code to[p, j] = from[j, p]}. Up to a whole vector
   * of each row of the target is written.
   *
   * @param element what the matrix is made of
   * @param from the first element
   * @param fromStride from one column to the next, whose elements have unit stride
   * @param to the first element of the target, which has unit column stride
   * @param toStride from one row of the target to the next
   * @param rows how many
   * @param columns how many
   */
  static void columns(
      Element element, long from, long fromStride, long to, long toStride, int rows, int columns) {
    int side = Transpose.side(element.bytes);
    if (rows < side || !Transpose.isFast(element.bytes)) {
      elements(element, from, element.bytes, fromStride, to, toStride, rows, columns);
      return;
    }
    Transpose transpose = Transpose.of(element);
    for (int j = 0; j < columns; j += side) {
      long strip = from + j * fromStride;
      long target = to + (long) j * element.bytes;
      int width = Math.min(side, columns - j);
      for (int p = 0; p < rows; p += side) {
        // The last square overlaps the one before it.
        int at = Math.min(p, rows - side);
        transpose.square(
            width, strip + (long) at * element.bytes, fromStride, target + at * toStride, toStride);
      }
    }
  }

  /**
   * Copies a matrix whose elements lie anywhere: {@code to[i, j] = from[i, j]}.
   *
   * @param element what the matrix is made of
   * @param from the first element
   * @param rowStride from one row to the next
   * @param columnStride from one column to the next
   * @param to the first element of the target, which has unit column stride
   * @param toStride from one row of the target to the next
   * @param rows how many
   * @param columns how many
   */
  static void elements(
      Element element,
      long from,
      long rowStride,
      long columnStride,
      long to,
      long toStride,
      int rows,
      int columns) {
    for (int i = 0; i < rows; i++) {
      switch (element) {
        case F32 -> ints(from + i * rowStride, columnStride, to + i * toStride, columns);
        case F64 -> longs(from + i * rowStride, columnStride, to + i * toStride, columns);
      }
    }
  }

  private static void ints(long from, long fromStride, long to, int count) {
    for (int j = 0; j < count; j++) {
      ALL.set(
          ValueLayout.JAVA_INT_UNALIGNED,
          to + 4L * j,
          ALL.get(ValueLayout.JAVA_INT_UNALIGNED, from));
      from += fromStride;
    }
  }

  private static void longs(long from, long fromStride, long to, int count) {
    for (int j = 0; j < count; j++) {
      ALL.set(
          ValueLayout.JAVA_LONG_UNALIGNED,
          to + 8L * j,
          ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, from));
      from += fromStride;
    }
  }

  private static VectorMask<Integer> mask(int bytes) {
    return SPECIES.indexInRange(0, bytes / Integer.BYTES);
  }

  private static IntVector load(long address) {
    return VectorClasses.known(
        IntVector.fromMemorySegment(SPECIES, ALL, address, ORDER), VectorClasses.I32);
  }

  private static IntVector load(long address, VectorMask<Integer> mask) {
    return VectorClasses.known(
        IntVector.fromMemorySegment(SPECIES, ALL, address, ORDER, mask), VectorClasses.I32);
  }
}
