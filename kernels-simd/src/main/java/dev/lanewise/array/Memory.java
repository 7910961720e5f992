package dev.lanewise.array;

import java.lang.foreign.MemorySegment;

/**
 * A kind of memory that holds arrays, with the recycling pool in front of it. The main memory of
 * the machine is {@link HostMemory}.
 */
public interface Memory {

  /** {@return the pool that hands out and takes back blocks of this memory} */
  Pool pool();

  /**
   * {@return a fresh block, aligned to 64 bytes, taken from the system}
   *
   * @param bytes its size
   * @throws OutOfMemoryError if the system has no more
   */
  MemorySegment map(long bytes);

  /**
   * Gives a block back to the system.
   *
   * @param block what {@link #map} returned; nobody reaches it any more
   */
  void unmap(MemorySegment block);

  /** {@return whether Java code can read and write the blocks directly} */
  boolean isHost();
}
