package dev.lanewise.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;

/** The main memory of the machine, outside the Java heap. */
public final class HostMemory implements Memory {
  /** The one instance. */
  public static final HostMemory INSTANCE = new HostMemory();

  /** Vectors of 512 bits and cache lines are 64 bytes. */
  private static final long ALIGNMENT = 64;

  private final ConcurrentHashMap<Long, Arena> arenas = new ConcurrentHashMap<>();
  private final Pool pool = new Pool(this);

  private HostMemory() {}

  @Override
  public Pool pool() {
    return pool;
  }

  @Override
  public MemorySegment map(long bytes) {
    // A shared arena, so that the pool's cleaner thread can close what another thread opened.
    Arena arena = Arena.ofShared();
    MemorySegment block;
    try {
      block = bytes < LargePages.BYTES ? null : LargePages.map(bytes, arena);
      if (block == null) {
        block = arena.allocate(bytes, ALIGNMENT);
      }
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
    arenas.put(block.address(), arena);
    return block;
  }

  @Override
  public void unmap(MemorySegment block) {
    arenas.remove(block.address()).close();
  }

  @Override
  public boolean isHost() {
    return true;
  }
}
