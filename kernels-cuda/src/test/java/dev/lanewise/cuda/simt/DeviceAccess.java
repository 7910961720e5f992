package dev.lanewise.cuda.simt;

import java.lang.foreign.MemorySegment;

/** The memory of a device as a kernel sees it. */
public interface DeviceAccess {

  /**
   * {@return the bytes behind a device address}
   *
   * @throws RuntimeException if not all of them lie in one live block; the message says what is
   *     wrong
   */
  MemorySegment at(long address, long bytes);
}
