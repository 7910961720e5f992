package dev.lanewise.cuda.simt;

import java.lang.foreign.MemorySegment;

/** The global memory that kernels read and write. */
public interface DeviceAccess {

  /**
   * {@return the bytes behind a device address}
   *
   * @param address a device address
   * @param bytes how many bytes from there
   * @throws RuntimeException if they do not lie in one block that is allocated; its message says
   *     what is wrong
   */
  MemorySegment at(long address, long bytes);

  /**
   * {@return the whole block in which an address lies} A program asks once for many accesses, and
   * keeps the answer no longer than a launch lasts.
   *
   * @param address a device address
   * @throws RuntimeException if no allocated block holds the byte at the address; its message says
   *     what is wrong
   */
  Block blockAt(long address);

  /**
   * A block of device memory.
   *
   * @param address the device address of its first byte, not negative; a multiple of 8 at least (of
   *     256 as CUDA does)
   * @param bytes all its bytes, of any alignment on the host
   */
  record Block(long address, MemorySegment bytes) {}
}
