package dev.lanewise.array;

import java.lang.foreign.MemorySegment;

/**
 * A kind of memory that holds arrays, with the recycling pool in front of it. The main memory of
 * the machine is {@link HostMemory}.
 *
 * <p>Of a memory that Java code can not reach, blocks are segments that have an address and a size,
 * can be sliced, and refuse every access; numbers go in and out by the copies below. What was asked
 * for before a copy is done before it.
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

  /**
   * Hears of an array whose bytes are about to be written by one of the copies below, which know
   * only addresses. A memory whose work can be recorded and repeated holds the array as long as the
   * record; any other has nothing to do.
   *
   * @param storage what is under the array
   */
  default void hold(Storage storage) {}

  /**
   * Copies bytes in from main memory; the source may be changed as soon as this returns.
   *
   * @param from bytes in main memory, on or off the heap
   * @param to as many bytes of a block of this memory
   */
  default void copyIn(MemorySegment from, MemorySegment to) {
    to.copyFrom(from);
  }

  /**
   * Copies bytes out to main memory; they are there when this returns.
   *
   * @param from bytes of a block of this memory
   * @param to as many bytes in main memory, on or off the heap
   */
  default void copyOut(MemorySegment from, MemorySegment to) {
    to.copyFrom(from);
  }

  /**
   * Copies bytes from one block of this memory to another.
   *
   * @param from bytes of a block
   * @param to as many bytes of another block, or of another part of the same
   */
  default void copyWithin(MemorySegment from, MemorySegment to) {
    to.copyFrom(from);
  }

  /**
   * Fills bytes with zeros.
   *
   * @param block bytes of a block of this memory
   */
  default void clear(MemorySegment block) {
    block.fill((byte) 0);
  }

  /**
   * {@return the error for a request that can not be served, even after all that waited in the pool
   * was given back}
   *
   * @param bytes the request
   * @param inUse the bytes that arrays hold
   */
  default OutOfMemoryError exhausted(long bytes, long inUse) {
    return new OutOfMemoryError(
        "array memory: "
            + bytes
            + " bytes were asked for while "
            + inUse
            + " are in use, and the system has no more");
  }
}
