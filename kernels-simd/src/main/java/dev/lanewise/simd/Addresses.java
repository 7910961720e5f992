package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.NdArray;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * The one place where raw addresses of arrays come from. An address is taken of one that is alive;
 * that no index of the array's layout leaves its storage was checked when the array was made. The
 * caller keeps the array reachable until its kernel has ended.
 */
public final class Addresses {
  /**
   * All of memory. A kernel slices its operands from this constant, so that the JIT knows the kind
   * of segment whatever other code has done (measured: without it, unrelated loops over heap
   * segments make these 4 to 7 times slower).
   */
  @SuppressWarnings("restricted") // the reviewed place: see the class comment
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** Arrays hold their elements as the processor does. */
  public static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** No address of a process has more bits, and a kernel's offset added to it can not overflow. */
  public static final long MASK = (1L << 62) - 1;

  private Addresses() {}

  // Called by compiled loops, which have no way to name a value layout as a constant.

  static float getFloat(MemorySegment segment, long offset) {
    return segment.get(JAVA_FLOAT, offset);
  }

  static double getDouble(MemorySegment segment, long offset) {
    return segment.get(JAVA_DOUBLE, offset);
  }

  static int getInt(MemorySegment segment, long offset) {
    return segment.get(JAVA_INT, offset);
  }

  static long getLong(MemorySegment segment, long offset) {
    return segment.get(JAVA_LONG, offset);
  }

  static void set(MemorySegment segment, long offset, int value) {
    segment.set(JAVA_INT, offset, value);
  }

  static void set(MemorySegment segment, long offset, long value) {
    segment.set(JAVA_LONG, offset, value);
  }

  static void set(MemorySegment segment, long offset, float value) {
    segment.set(JAVA_FLOAT, offset, value);
  }

  static void set(MemorySegment segment, long offset, double value) {
    segment.set(JAVA_DOUBLE, offset, value);
  }

  /**
   * {@return the address of the element at index {@code [0, 0, …]}}
   *
   * @throws IllegalStateException if the array's scope has closed
   * @throws IllegalArgumentException if the array is not in the main memory
   */
  static long of(NdArray array) {
    if (!array.device().memory().isHost()) {
      throw new IllegalArgumentException(
          "simd: an array of device '"
              + array.device().name()
              + "' is not in the main memory; copy it to an array of this backend");
    }
    return array.storage().segment().address() + array.layout().offset() * array.dtype().byteSize();
  }
}
