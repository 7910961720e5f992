package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaTypes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/**
 * The host's side: pointers that must not be device pointers, and pinned memory.
 *
 * <p>Pinned memory that is freed goes back to the system only when the double is reset, so that a
 * later use of it is found out and does not meet somebody else's memory.
 */
final class HostMemory {

  private static final byte FREED = (byte) 0xDD;

  /** A range of pinned memory; {@code arena} is null where the program owns it. */
  private static final class Pinned {
    final MemorySegment memory;
    final Arena arena;
    boolean freed;

    Pinned(MemorySegment memory, Arena arena) {
      this.memory = memory;
      this.arena = arena;
    }

    long end() {
      return memory.address() + memory.byteSize();
    }
  }

  private final TreeMap<Long, Pinned> pinned = new TreeMap<>();

  /** {@return new pinned memory, full of noise} */
  MemorySegment allocate(long bytes) {
    Arena arena = Arena.ofShared();
    MemorySegment memory = arena.allocate(bytes, DeviceBlocks.ALIGNMENT).fill(DeviceBlocks.NOISE);
    pinned.put(memory.address(), new Pinned(memory, arena));
    return memory;
  }

  /** Pins memory of the program's own. */
  void register(long address, long bytes) {
    Pinned around = around(address);
    if (around != null && !around.freed) {
      throw new DeviceFault(DeviceBlocks.hex(address) + " is pinned already");
    }
    MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(bytes);
    pinned.put(address, new Pinned(memory, null));
  }

  void free(long address) {
    Pinned found = beginning(address, "free");
    if (found.arena == null) {
      throw new DeviceFault(
          DeviceBlocks.hex(address) + " was registered and not allocated; unregister it");
    }
    found.freed = true;
    found.memory.fill(FREED);
  }

  void unregister(long address) {
    Pinned found = beginning(address, "unregister");
    if (found.arena != null) {
      throw new DeviceFault(
          DeviceBlocks.hex(address) + " was allocated and not registered; free it");
    }
    pinned.remove(address);
  }

  private Pinned beginning(long address, String call) {
    Pinned found = pinned.get(address);
    if (found == null || found.freed) {
      throw new DeviceFault(
          "%s: %s %s"
              .formatted(
                  call,
                  DeviceBlocks.hex(address),
                  found == null ? "is not the beginning of pinned memory" : "is freed already"));
    }
    return found;
  }

  /** {@return whether an address lies in pinned memory, which the device can reach by itself} */
  boolean isPinned(long address) {
    Pinned around = around(address);
    return around != null && !around.freed;
  }

  private Pinned around(long address) {
    Map.Entry<Long, Pinned> entry = pinned.floorEntry(address);
    return entry == null || address >= entry.getValue().end() ? null : entry.getValue();
  }

  /**
   * {@return the bytes behind a host pointer}
   *
   * @throws DeviceFault if the pointer is null or no host pointer, or if the bytes reach past the
   *     end of pinned memory
   */
  MemorySegment at(MemorySegment pointer, long bytes) {
    long address = pointer.address();
    if (bytes == 0) {
      return MemorySegment.NULL;
    }
    if (address == 0) {
      throw new DeviceFault("the null pointer where a host pointer is due");
    }
    if (bytes < 0) {
      throw new DeviceFault(bytes + " bytes at " + DeviceBlocks.hex(address));
    }
    if (DeviceBlocks.isDevice(address) || Handles.isHandle(address)) {
      throw new DeviceFault(
          DeviceBlocks.hex(address)
              + " is not a host pointer: it looks like "
              + (Handles.isHandle(address) ? "a handle" : "a device address"));
    }
    Pinned around = around(address);
    if (around != null && around.freed) {
      throw new DeviceFault(DeviceBlocks.hex(address) + " lies in freed pinned memory");
    }
    if (around != null && bytes > around.end() - address) {
      throw new DeviceFault(
          "%d bytes at %s reach past the end of pinned memory of %d bytes"
              .formatted(bytes, DeviceBlocks.hex(address), around.memory.byteSize()));
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** {@return the C string behind a host pointer} */
  String text(MemorySegment pointer) {
    at(pointer, 1);
    return MemorySegment.ofAddress(pointer.address()).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** {@return the pointer in a C array of pointers} */
  MemorySegment pointer(MemorySegment array, int index) {
    return at(array, (index + 1L) * Long.BYTES).getAtIndex(CudaTypes.C_POINTER, index);
  }

  /** {@return how many pinned ranges live} */
  int count() {
    return (int) pinned.values().stream().filter(range -> !range.freed).count();
  }

  void clear() {
    for (Pinned range : pinned.values()) {
      if (range.arena != null) {
        range.arena.close();
      }
    }
    pinned.clear();
  }
}
