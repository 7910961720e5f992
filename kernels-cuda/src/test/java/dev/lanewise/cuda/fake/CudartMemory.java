package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.MemorySegment;

/** The runtime's memory: blocks of the device, its pool, and pinned memory of the host. */
final class CudartMemory {

  private final DriverDouble cuda;
  private final Out out;

  CudartMemory(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  private Refusal exhausted(long bytes) {
    return Refusal.of(
        Cudart.cudaErrorMemoryAllocation(),
        bytes + " bytes asked, " + (cuda.blocks.total() - cuda.blocks.used()) + " left");
  }

  int cudaMalloc(MemorySegment pointer, long bytes) {
    cuda.streams.unsafe("cudaMalloc");
    if (bytes == 0) {
      out.pointer(pointer, MemorySegment.NULL);
      return Cudart.cudaSuccess();
    }
    long address = bytes < 0 ? 0 : cuda.blocks.allocate(bytes);
    if (address == 0) {
      throw exhausted(bytes);
    }
    out.pointer(pointer, address);
    return Cudart.cudaSuccess();
  }

  int cudaFree(MemorySegment pointer) {
    cuda.streams.unsafe("cudaFree");
    if (pointer.address() != 0) {
      // Begun first: a block that waits to be freed in a stream must not be freed here too.
      cuda.blocks.beginFree(pointer.address());
      cuda.streams.runAll();
      end(pointer.address());
    }
    return Cudart.cudaSuccess();
  }

  int cudaMemGetInfo(MemorySegment free, MemorySegment total) {
    out.size(free, cuda.blocks.total() - cuda.blocks.used());
    out.size(total, cuda.blocks.total());
    return Cudart.cudaSuccess();
  }

  int cudaMallocManaged(MemorySegment pointer, long bytes, int flags) {
    throw Refusal.of(Cudart.cudaErrorNotSupported(), "the device has no managed memory");
  }

  int cudaMallocHost(MemorySegment pointer, long bytes) {
    return cudaHostAlloc(pointer, bytes, Cudart.cudaHostAllocDefault());
  }

  int cudaHostAlloc(MemorySegment pointer, long bytes, int flags) {
    cuda.streams.unsafe("cudaHostAlloc");
    if ((flags & ~7) != 0) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no such flags: " + flags);
    }
    out.pointer(pointer, bytes == 0 ? MemorySegment.NULL : cuda.host.allocate(bytes));
    return Cudart.cudaSuccess();
  }

  int cudaFreeHost(MemorySegment pointer) {
    cuda.streams.unsafe("cudaFreeHost");
    if (pointer.address() != 0) {
      cuda.streams.runAll();
      cuda.host.free(pointer.address());
    }
    return Cudart.cudaSuccess();
  }

  int cudaHostRegister(MemorySegment pointer, long bytes, int flags) {
    cuda.streams.unsafe("cudaHostRegister");
    if (bytes <= 0 || (flags & ~3) != 0) {
      throw Refusal.misuse(
          Cudart.cudaErrorInvalidValue(), bytes + " bytes with the flags " + flags);
    }
    cuda.host.at(pointer, bytes);
    cuda.host.register(pointer.address(), bytes);
    return Cudart.cudaSuccess();
  }

  int cudaHostUnregister(MemorySegment pointer) {
    cuda.streams.unsafe("cudaHostUnregister");
    cuda.streams.runAll();
    cuda.host.unregister(pointer.address());
    return Cudart.cudaSuccess();
  }

  private void checkPools() {
    if (!cuda.device.pools) {
      throw Refusal.of(Cudart.cudaErrorNotSupported(), "the device has no memory pools");
    }
  }

  int cudaDeviceGetDefaultMemPool(MemorySegment pool, int device) {
    checkPools();
    if (device != Device.ORDINAL) {
      throw Refusal.of(Cudart.cudaErrorInvalidDevice(), "there is no device " + device);
    }
    out.pointer(pool, cuda.device.pool);
    return Cudart.cudaSuccess();
  }

  int cudaMemPoolSetAttribute(MemorySegment pool, int attribute, MemorySegment value) {
    long[] attributes = cuda.handles.get(Device.Pool.class, pool).attributes;
    if (attribute >= 1 && attribute <= 3) {
      attributes[attribute] = cuda.host.at(value, Integer.BYTES).get(Cudart.C_INT, 0);
      return Cudart.cudaSuccess();
    }
    boolean high =
        attribute == Cudart.cudaMemPoolAttrReservedMemHigh()
            || attribute == Cudart.cudaMemPoolAttrUsedMemHigh();
    boolean settable = high || attribute == Cudart.cudaMemPoolAttrReleaseThreshold();
    long number = settable ? cuda.host.at(value, Long.BYTES).get(Cudart.C_LONG_LONG, 0) : 0;
    if (!settable || high && number != 0) {
      throw Refusal.misuse(
          Cudart.cudaErrorInvalidValue(),
          "attribute " + attribute + " can not be set to " + number);
    }
    // The highest use begins anew at the present use.
    attributes[attribute] = high ? attributes[attribute - 1] : number;
    return Cudart.cudaSuccess();
  }

  int cudaMemPoolGetAttribute(MemorySegment pool, int attribute, MemorySegment value) {
    long[] attributes = cuda.handles.get(Device.Pool.class, pool).attributes;
    if (attribute < 1 || attribute >= attributes.length) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no attribute " + attribute);
    }
    if (attribute <= 3) {
      out.number(value, (int) attributes[attribute]);
    } else {
      out.size(value, attributes[attribute]);
    }
    return Cudart.cudaSuccess();
  }

  int cudaMemPoolTrimTo(MemorySegment pool, long keep) {
    long[] attributes = cuda.handles.get(Device.Pool.class, pool).attributes;
    int reserved = Cudart.cudaMemPoolAttrReservedMemCurrent();
    long used = attributes[Cudart.cudaMemPoolAttrUsedMemCurrent()];
    attributes[reserved] = Math.max(used, Math.min(attributes[reserved], keep));
    return Cudart.cudaSuccess();
  }

  int cudaMallocAsync(MemorySegment pointer, long bytes, MemorySegment handle) {
    checkPools();
    CudaStream stream = cuda.streams.of(handle);
    refuseInCapture(stream, "cudaMallocAsync");
    if (bytes <= 0) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), bytes + " bytes");
    }
    long address = cuda.blocks.allocate(bytes);
    if (address == 0) {
      // What this stream frees before, it may use again.
      cuda.streams.synchronize(stream, "cudaMallocAsync");
      address = cuda.blocks.allocate(bytes);
    }
    if (address == 0) {
      throw exhausted(bytes);
    }
    Device.Pool pool = cuda.handles.get(Device.Pool.class, cuda.device.pool);
    pool.add(address, bytes);
    out.pointer(pointer, address);
    return Cudart.cudaSuccess();
  }

  int cudaFreeAsync(MemorySegment pointer, MemorySegment handle) {
    CudaStream stream = cuda.streams.of(handle);
    refuseInCapture(stream, "cudaFreeAsync");
    long address = pointer.address();
    cuda.blocks.beginFree(address);
    cuda.streams.submit(stream, "cudaFreeAsync", () -> end(address));
    return Cudart.cudaSuccess();
  }

  private void end(long address) {
    cuda.blocks.free(address);
    cuda.handles.get(Device.Pool.class, cuda.device.pool).remove(address);
  }

  /**
   * CUDA records an allocation as a node of the graph, whose address then belongs to the graph. The
   * double does not: memory of a captured program has to be there before.
   */
  private void refuseInCapture(CudaStream stream, String what) {
    if (stream.capture != null) {
      throw cuda.streams.invalidate(
          stream, Streams.CAPTURE_UNSUPPORTED, what + " on a stream that captures");
    }
  }
}
