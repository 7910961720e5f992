package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Copies between Java arrays and memory off the heap. An array that is too short is refused, an
 * address is not checked.
 */
public final class HeapCopies {
  private HeapCopies() {}

  /**
   * Copies numbers out of an array.
   *
   * @param array a {@code float[]} or {@code double[]}
   * @param from the first of them
   * @param to the address that they are copied to
   * @param count how many
   */
  public static void read(Object array, int from, long to, int count) {
    if (array instanceof float[] floats) {
      MemorySegment.copy(floats, from, ALL, JAVA_FLOAT_UNALIGNED, to, count);
    } else {
      MemorySegment.copy((double[]) array, from, ALL, JAVA_DOUBLE_UNALIGNED, to, count);
    }
  }

  /**
   * Copies numbers into an array.
   *
   * @param from the address of the first
   * @param array a {@code float[]} or {@code double[]}
   * @param to where they go
   * @param count how many
   */
  public static void write(long from, Object array, int to, int count) {
    if (array instanceof float[] floats) {
      MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, from, floats, to, count);
    } else {
      MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, from, (double[]) array, to, count);
    }
  }
}
