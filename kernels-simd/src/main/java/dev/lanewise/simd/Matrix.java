package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;

import java.lang.foreign.MemorySegment;

/**
 * A matrix of a program that has no tensors: row-major, in a Java array or off the heap. Loops run
 * over it where it lies if they can; from the heap, or where numbers are not aligned, blocks of it
 * are copied to scratch memory and back. One loop then serves arrays and segments, with the same
 * bits, and no loop sees both.
 *
 * <p>Nothing is checked here but by the copying, which refuses to leave an array.
 */
public final class Matrix {
  /** The array; null off the heap. */
  private Object array;

  /** An index of the array, or an address. */
  private long start;

  private long ld;
  private int bytes;

  Matrix() {}

  /**
   * Says that the matrix is in an array.
   *
   * @param array a {@code float[]} or {@code double[]}
   * @param offset where it begins
   * @param ld from one row to the next
   */
  public void in(Object array, int offset, int ld) {
    this.array = array;
    this.start = offset;
    this.ld = ld;
    this.bytes = array instanceof float[] ? Float.BYTES : Double.BYTES;
  }

  /**
   * Says that the matrix is off the heap.
   *
   * @param address where it begins
   * @param bytes the size of a number
   * @param ld from one row to the next, in numbers
   */
  public void at(long address, int bytes, int ld) {
    this.array = null;
    this.start = address;
    this.ld = ld;
    this.bytes = bytes;
  }

  /** Puts it nowhere, and lets the garbage collector take the array. */
  void clear() {
    array = null;
    ld = 0;
  }

  /** {@return whether no one said where it is} */
  boolean isNowhere() {
    return ld == 0;
  }

  /** Makes it rows of a vector's numbers. */
  void cut(int columns) {
    ld = columns;
  }

  /** {@return whether loops see copies of blocks} */
  boolean isCopied() {
    return array != null || start % bytes != 0;
  }

  /** {@return the bytes between the rows of a block as loops see it} */
  long step(int columns) {
    return (isCopied() ? columns : ld) * bytes;
  }

  /** {@return where loops see a block: a place for the copy, or the matrix itself} */
  long address(long row, long column, long copy) {
    return isCopied() ? copy : start + (row * ld + column) * bytes;
  }

  /** {@return where loops see a block, which is copied if need be} */
  long fetch(long row, long column, int rows, int columns, long copy) {
    if (!isCopied()) {
      return address(row, column, copy);
    }
    long from = row * ld + column;
    if (ld == columns) {
      read(from, copy, (long) rows * columns);
    } else {
      for (int r = 0; r < rows; r++) {
        read(from + r * ld, copy + (long) r * columns * bytes, columns);
      }
    }
    return copy;
  }

  /** Copies a block back, unless loops saw the matrix itself. */
  void store(long row, long column, int rows, int columns, long copy) {
    if (!isCopied()) {
      return;
    }
    long to = row * ld + column;
    if (ld == columns) {
      write(copy, to, (long) rows * columns);
    } else {
      for (int r = 0; r < rows; r++) {
        write(copy + (long) r * columns * bytes, to + r * ld, columns);
      }
    }
  }

  private void read(long from, long copy, long count) {
    if (array == null) {
      MemorySegment.copy(ALL, start + from * bytes, ALL, copy, count * bytes);
    } else {
      HeapCopies.read(array, (int) (start + from), copy, (int) count);
    }
  }

  private void write(long copy, long to, long count) {
    if (array == null) {
      MemorySegment.copy(ALL, copy, ALL, start + to * bytes, count * bytes);
    } else {
      HeapCopies.write(copy, array, (int) (start + to), (int) count);
    }
  }
}
