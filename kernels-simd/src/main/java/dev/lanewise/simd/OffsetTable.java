package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A list of offsets in bytes for kernels that take its address. It is off the heap, and freed when
 * it is not reachable any more.
 */
final class OffsetTable {
  private final MemorySegment entries;
  private int filled;

  OffsetTable(long length) {
    this.entries = Arena.ofAuto().allocate(Math.max(1, length) * Long.BYTES, Long.BYTES);
  }

  void add(long offset) {
    entries.setAtIndex(JAVA_LONG, filled++, offset);
  }

  /** {@return where an offset lies} */
  long address(int index) {
    return entries.address() + (long) index * Long.BYTES;
  }
}
