package dev.lanewise.cuda;

import dev.lanewise.array.DeviceMemoryError;
import dev.lanewise.array.Memory;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Storage;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.ForeignMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/**
 * The memory of a device. Blocks come from the device's own stream-ordered pool where it has one,
 * and wait in a {@link Pool} of Lanewise to be used again; a block that was given back may serve
 * the next request at once, as all work is done in order. Java code can not read or write the
 * segments: numbers go in and out through {@link Staging}.
 */
final class DeviceMemory implements Memory, AutoCloseable {
  private final CudaDevice device;
  private final Pool shared = new Pool(this);
  private final Staging staging;

  /** The addresses of blocks that are not of the device's own pool. */
  private final Set<Long> apart = new HashSet<>();

  DeviceMemory(CudaDevice device) {
    this.device = device;
    this.staging = new Staging(device);
  }

  @Override
  public Pool pool() {
    Capture capture = device.capture();
    return capture == null ? shared : capture.pool();
  }

  @Override
  public boolean isHost() {
    return false;
  }

  @Override
  public MemorySegment map(long bytes) {
    return map(bytes, device.facts().memoryPools());
  }

  /**
   * {@return a fresh block that is taken apart from the device's stream} While work is recorded,
   * taking memory on the stream would be a part of it.
   *
   * @param bytes its size
   */
  MemorySegment mapApart(long bytes) {
    return map(bytes, false);
  }

  private MemorySegment map(long bytes, boolean pooled) {
    try (Operation _ = device.begin("allocate");
        Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      String function = pooled ? "cudaMallocAsync" : "cudaMalloc";
      int status =
          pooled
              ? Cudart.cudaMallocAsync(pointer, bytes, device.stream())
              : Cudart.cudaMalloc(pointer, bytes);
      if (status == Cudart.cudaErrorMemoryAllocation()) {
        Cudart.cudaGetLastError(); // it would be reported again by the next call
        throw exhausted(bytes, shared.mappedBytes() - shared.cachedBytes());
      }
      Status.runtime(function, status);
      long address = pointer.get(Cudart.C_POINTER, 0).address();
      if (!pooled) {
        apart.add(address);
      }
      return ForeignMemory.onDevice(address, bytes);
    }
  }

  @Override
  public void unmap(MemorySegment block) {
    MemorySegment pointer = pointer(block);
    if (device.isClosed()) {
      // Of an array that outlives the backend, whose stream is gone.
      Status.runtime("cudaSetDevice", Cudart.cudaSetDevice(device.facts().ordinal()));
      Status.runtime("cudaFree", Cudart.cudaFree(pointer));
      return;
    }
    try (Operation _ = device.begin("free")) {
      if (!apart.remove(block.address())) {
        Status.runtime("cudaFreeAsync", Cudart.cudaFreeAsync(pointer, device.stream()));
      } else {
        // Waits for all work of the device, some of which may still use the block.
        Status.runtime("cudaFree", Cudart.cudaFree(pointer));
      }
    }
  }

  @Override
  public DeviceMemoryError exhausted(long bytes, long inUse) {
    return new DeviceMemoryError(device.facts().name(), bytes, inUse, freeBytes());
  }

  /** {@return the bytes that nobody has taken of the device's memory} */
  long freeBytes() {
    try (Operation _ = device.begin("free bytes");
        Arena arena = Arena.ofConfined()) {
      MemorySegment free = arena.allocate(Cudart.size_t);
      MemorySegment total = arena.allocate(Cudart.size_t);
      Status.runtime("cudaMemGetInfo", Cudart.cudaMemGetInfo(free, total));
      return free.get(Cudart.size_t, 0);
    }
  }

  @Override
  public void hold(Storage storage) {
    Capture capture = device.capture();
    if (capture != null) {
      capture.use(storage);
    }
  }

  @Override
  public void copyIn(MemorySegment from, MemorySegment to) {
    try (Operation _ = device.begin("copy to the device")) {
      staging.copyIn(from, to);
    }
  }

  @Override
  public void copyOut(MemorySegment from, MemorySegment to) {
    try (Operation _ = device.begin("copy from the device")) {
      device.requireNoCapture("read numbers of an array");
      staging.copyOut(from, to);
    }
  }

  @Override
  public void copyWithin(MemorySegment from, MemorySegment to) {
    if (from.byteSize() == 0) {
      return;
    }
    try (Operation _ = device.begin("copy within the device")) {
      Status.runtime(
          "cudaMemcpyAsync",
          Cudart.cudaMemcpyAsync(
              pointer(to),
              pointer(from),
              from.byteSize(),
              Cudart.cudaMemcpyDeviceToDevice(),
              device.stream()));
    }
  }

  @Override
  public void clear(MemorySegment block) {
    if (block.byteSize() == 0) {
      return;
    }
    try (Operation _ = device.begin("clear")) {
      Status.runtime(
          "cudaMemsetAsync",
          Cudart.cudaMemsetAsync(pointer(block), 0, block.byteSize(), device.stream()));
    }
  }

  /** {@return the address of device memory, in the form that the bindings take} */
  static MemorySegment pointer(MemorySegment block) {
    return MemorySegment.ofAddress(block.address());
  }

  /** Gives all waiting blocks back to the driver, so that others can have them. */
  void trim() {
    shared.trim();
    // Only then does the device's own pool give back what work in progress was using.
    device.synchronize();
  }

  /** Gives all waiting blocks back; the staging memory too. */
  @Override
  public void close() {
    Closing.all(shared::trim, staging::close);
  }
}
