package dev.lanewise.simd;

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
