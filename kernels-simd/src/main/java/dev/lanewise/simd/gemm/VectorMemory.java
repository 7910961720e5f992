package dev.lanewise.simd.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** How kernels reach memory. */
final class VectorMemory {
  /**
   * All of memory. Kernels reach their operands through this constant, so that the JIT knows the
   * kind of segment whatever other code has done.
   */
  @SuppressWarnings("restricted") // addresses are checked by the backend, before the call
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** The order of bytes in memory. */
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** A row of zeros as wide as any tile, which is read instead of C where C is not added to. */
  static final long ZEROS = Arena.global().allocate(512, 64).address();

  private VectorMemory() {}
}
