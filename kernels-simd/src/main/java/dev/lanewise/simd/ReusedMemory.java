package dev.lanewise.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory off the heap that is used again and again, and grows as it is asked for. */
final class ReusedMemory {
  private static final long ALIGNMENT = 64;
  private static final long FIRST = 1L << 16;

  /** Frees the memory when this is not reachable any more. */
  private MemorySegment owner = Arena.ofAuto().allocate(FIRST, ALIGNMENT);

  /** {@return the address of so many bytes, with whatever was in them before} */
  long place(long bytes) {
    if (owner.byteSize() < bytes) {
      owner = Arena.ofAuto().allocate(Math.max(2 * owner.byteSize(), bytes), ALIGNMENT);
    }
    return owner.address();
  }
}
