package dev.lanewise.array;

import java.lang.foreign.MemorySegment;

/** A device that only holds arrays. */
record TestDevice(String name, Memory memory) implements Device {
  static final Device HOST = new TestDevice("host", HostMemory.INSTANCE);

  /** A device with a memory of its own, of which so many bytes exist. */
  static TestDevice withMemory(long bytes) {
    return new TestDevice("limited", new Limited(bytes));
  }

  Pool pool() {
    return memory.pool();
  }

  /** Host memory that runs out. */
  private static final class Limited implements Memory {
    private final Pool pool = new Pool(this);
    private long left;

    Limited(long bytes) {
      this.left = bytes;
    }

    @Override
    public Pool pool() {
      return pool;
    }

    @Override
    public synchronized MemorySegment map(long bytes) {
      if (bytes > left) {
        throw new OutOfMemoryError("no more");
      }
      left -= bytes;
      return HostMemory.INSTANCE.map(bytes);
    }

    @Override
    public synchronized void unmap(MemorySegment block) {
      left += block.byteSize();
      HostMemory.INSTANCE.unmap(block);
    }

    @Override
    public boolean isHost() {
      return true;
    }
  }
}
