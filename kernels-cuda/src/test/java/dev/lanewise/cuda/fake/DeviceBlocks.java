package dev.lanewise.cuda.fake;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The memory of the device: blocks at addresses that no process can map, with gaps between them, so
 * that whatever misses its block is found out. Addresses that were freed are never used again.
 *
 * <p>A fresh block is full of noise ({@link #NOISE}).
 */
public final class DeviceBlocks implements DeviceAccess {

  /** Each byte of memory that nobody has written. */
  public static final byte NOISE = (byte) 0xA5;

  /** The first address; the next such power is where handles begin. */
  static final long FIRST = 1L << 52;

  static final long ALIGNMENT = 256;
  private static final long GAP = 256;

  private record Allocation(long address, long bytes, MemorySegment memory) {
    long end() {
      return address + bytes;
    }

    boolean holds(long other) {
      return other >= address && other < end();
    }

    @Override
    public String toString() {
      return "block of " + bytes + " bytes at " + hex(address);
    }
  }

  private final TreeMap<Long, Allocation> live = new TreeMap<>();
  private final TreeMap<Long, Allocation> freed = new TreeMap<>();

  /** Live blocks whose end is waiting in a stream. */
  private final Set<Long> freeing = new HashSet<>();

  private long next = FIRST;
  private long total;
  private long used;

  DeviceBlocks(long total) {
    this.total = total;
  }

  /** {@return how many bytes there are in all} */
  public synchronized long total() {
    return total;
  }

  /** {@return how many bytes are in live blocks} */
  public synchronized long used() {
    return used;
  }

  /** {@return how many blocks live} */
  public synchronized int count() {
    return live.size();
  }

  synchronized void limit(long bytes) {
    total = bytes;
  }

  /**
   * {@return the address of a new block, or 0 if there is not so much memory left}
   *
   * @param bytes its size, at least 1
   */
  public synchronized long allocate(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("allocate: " + bytes + " bytes; give at least 1");
    }
    if (bytes > total - used) {
      return 0;
    }
    // Longs, so that all that a kernel reads is aligned as it is on the device, up to 8 bytes.
    long[] words = new long[Math.toIntExact((bytes + Long.BYTES - 1) / Long.BYTES)];
    MemorySegment memory = MemorySegment.ofArray(words).asSlice(0, bytes).fill(NOISE);
    long address = next;
    next += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + GAP;
    used += bytes;
    live.put(address, new Allocation(address, bytes, memory));
    return address;
  }

  /**
   * Ends a block.
   *
   * @throws DeviceFault if no live block begins at the address
   */
  public synchronized void free(long address) {
    Allocation block = live.remove(address);
    if (block == null) {
      throw new DeviceFault("free: " + whyNotFreed(address));
    }
    freeing.remove(address);
    used -= block.bytes();
    freed.put(address, new Allocation(address, block.bytes(), MemorySegment.NULL));
  }

  /**
   * Notes that a block is going to be freed, so that nobody frees it a second time meanwhile.
   *
   * @throws DeviceFault if no live block begins at the address, or it is being freed already
   */
  synchronized void beginFree(long address) {
    Allocation block = live.get(address);
    if (block == null) {
      throw new DeviceFault("free: " + whyNotFreed(address));
    }
    if (!freeing.add(address)) {
      throw new DeviceFault("free: the " + block + " is being freed already");
    }
  }

  private String whyNotFreed(long address) {
    Allocation around = floor(live, address);
    if (around != null && around.holds(address)) {
      return hex(address) + " is inside the " + around + ", and only its beginning can be freed";
    }
    return reason(address);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DeviceFault if the address lies in no live block
   */
  @Override
  public synchronized DeviceAccess.Block blockAt(long address) {
    Allocation block = floor(live, address);
    if (block == null || !block.holds(address)) {
      throw new DeviceFault(reason(address));
    }
    return new DeviceAccess.Block(block.address(), block.memory());
  }

  /**
   * {@inheritDoc}
   *
   * @throws DeviceFault if not all of them lie in one live block
   */
  @Override
  public synchronized MemorySegment at(long address, long bytes) {
    if (bytes < 0) {
      throw new DeviceFault(bytes + " bytes at " + hex(address) + ": the size is negative");
    }
    Allocation block = floor(live, address);
    if (block != null && address <= block.end() - bytes) {
      return block.memory().asSlice(address - block.address(), bytes);
    }
    if (bytes == 0 && address == 0) {
      return MemorySegment.NULL;
    }
    if (block != null && block.holds(address)) {
      throw new DeviceFault(
          "%d bytes at %s, offset %d, reach %d bytes past the end of the %s"
              .formatted(
                  bytes,
                  hex(address),
                  address - block.address(),
                  bytes - (block.end() - address),
                  block));
    }
    throw new DeviceFault(bytes + " bytes at " + reason(address));
  }

  private String reason(long address) {
    if (address == 0) {
      return "0x0: the null pointer is no device address";
    }
    if (!isDevice(address)) {
      return hex(address)
          + " is not a device address: it looks like "
          + (Handles.isHandle(address) ? "a handle" : "a host pointer");
    }
    Allocation old = floor(freed, address);
    if (old != null && old.holds(address)) {
      return hex(address) + ", offset " + (address - old.address()) + " of a freed " + old;
    }
    Allocation below = floor(live, address);
    if (old != null && (below == null || old.address() > below.address())) {
      return hex(address)
          + " is outside of any block, %d bytes past the end of a freed %s"
              .formatted(address - old.end(), old);
    }
    return below == null
        ? hex(address) + " is outside of any block"
        : hex(address)
            + " is outside of any block, %d bytes past the end of the %s"
                .formatted(address - below.end(), below);
  }

  private static Allocation floor(TreeMap<Long, Allocation> blocks, long address) {
    Map.Entry<Long, Allocation> entry = blocks.floorEntry(address);
    return entry == null ? null : entry.getValue();
  }

  /** Frees all; the addresses stay used up. */
  synchronized void clear() {
    for (long address : live.keySet().toArray(Long[]::new)) {
      free(address);
    }
  }

  /** {@return whether an address lies where device memory does, in a block or not} */
  static boolean isDevice(long address) {
    return address >= FIRST && address < Handles.FIRST;
  }

  static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  @Override
  public synchronized String toString() {
    return live.values().toString();
  }
}
