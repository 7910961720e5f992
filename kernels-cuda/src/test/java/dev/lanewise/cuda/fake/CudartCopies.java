package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The runtime's copies and fills; each side of a copy must be where the kind of it says. */
final class CudartCopies {

  // Not in the bindings.
  private static final int INVALID_PITCH = 12;
  private static final int INVALID_DIRECTION = 21;

  private final DriverDouble cuda;

  CudartCopies(DriverDouble cuda) {
    this.cuda = cuda;
  }

  /** Rows of bytes on the device or on the host. */
  private record Side(MemorySegment pointer, boolean device, long pitch, long width, long height) {
    long bytes() {
      return width == 0 || height == 0 ? 0 : Math.addExact(pitch * (height - 1), width);
    }
  }

  private MemorySegment memory(Side side) {
    return side.device()
        ? cuda.blocks.at(side.pointer().address(), side.bytes())
        : cuda.host.at(side.pointer(), side.bytes());
  }

  private Side side(MemorySegment pointer, boolean device, long pitch, long width, long height) {
    if (height > 1 && pitch < width) {
      throw Refusal.misuse(
          INVALID_PITCH, "a pitch of " + pitch + " bytes for rows of " + width + " bytes");
    }
    if (width < 0 || height < 0) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), width + " x " + height + " bytes");
    }
    Side side = new Side(pointer, device, pitch, width, height);
    memory(side);
    return side;
  }

  private static boolean isTargetOnDevice(int kind, MemorySegment pointer) {
    return switch (kind) {
      case 0, 2 -> false;
      case 1, 3 -> true;
      case 4 -> DeviceBlocks.isDevice(pointer.address());
      default -> throw Refusal.misuse(INVALID_DIRECTION, "no kind of copy " + kind);
    };
  }

  private static boolean isSourceOnDevice(int kind, MemorySegment pointer) {
    return switch (kind) {
      case 0, 1 -> false;
      case 2, 3 -> true;
      case 4 -> DeviceBlocks.isDevice(pointer.address());
      default -> throw Refusal.misuse(INVALID_DIRECTION, "no kind of copy " + kind);
    };
  }

  private static void checkApart(Side to, Side from) {
    long a = to.pointer().address();
    long b = from.pointer().address();
    if (to.device() == from.device()
        && to.bytes() > 0
        && a < b + from.bytes()
        && b < a + to.bytes()) {
      throw new DeviceFault(
          "the source at %s and the target at %s, %d bytes, overlap"
              .formatted(DeviceBlocks.hex(b), DeviceBlocks.hex(a), to.bytes()));
    }
  }

  private void copy(Side to, MemorySegment target, Side from, MemorySegment source) {
    if (to.bytes() > 0) {
      for (long row = 0; row < to.height(); row++) {
        MemorySegment.copy(source, row * from.pitch(), target, row * to.pitch(), to.width());
      }
    }
  }

  int cudaMemcpy(MemorySegment to, MemorySegment from, long bytes, int kind) {
    return cudaMemcpy2D(to, bytes, from, bytes, bytes, 1, kind);
  }

  int cudaMemcpyAsync(
      MemorySegment to, MemorySegment from, long bytes, int kind, MemorySegment stream) {
    return cudaMemcpy2DAsync(to, bytes, from, bytes, bytes, 1, kind, stream);
  }

  int cudaMemcpy2D(
      MemorySegment to,
      long toPitch,
      MemorySegment from,
      long fromPitch,
      long width,
      long height,
      int kind) {
    cuda.streams.unsafe("cudaMemcpy");
    Side target = side(to, isTargetOnDevice(kind, to), toPitch, width, height);
    Side source = side(from, isSourceOnDevice(kind, from), fromPitch, width, height);
    checkApart(target, source);
    cuda.streams.beforeLegacy("cudaMemcpy");
    copy(target, memory(target), source, memory(source));
    return Cudart.cudaSuccess();
  }

  int cudaMemcpy2DAsync(
      MemorySegment to,
      long toPitch,
      MemorySegment from,
      long fromPitch,
      long width,
      long height,
      int kind,
      MemorySegment handle) {
    CudaStream stream = cuda.streams.of(handle);
    Side target = side(to, isTargetOnDevice(kind, to), toPitch, width, height);
    Side source = side(from, isSourceOnDevice(kind, from), fromPitch, width, height);
    checkApart(target, source);
    // Memory that is not pinned is read before the call returns, or written before it returns.
    if (stream.capture == null && pageable(source)) {
      MemorySegment staged = Arena.ofAuto().allocate(source.bytes());
      staged.copyFrom(memory(source));
      cuda.streams.submit(
          stream, "cudaMemcpyAsync", () -> copy(target, memory(target), source, staged));
    } else {
      cuda.streams.submit(
          stream, "cudaMemcpyAsync", () -> copy(target, memory(target), source, memory(source)));
    }
    if (stream.capture == null && pageable(target)) {
      cuda.streams.synchronize(stream, "cudaMemcpyAsync");
    }
    return Cudart.cudaSuccess();
  }

  private boolean pageable(Side side) {
    return !side.device() && !cuda.host.isPinned(side.pointer().address());
  }

  int cudaMemcpyPeerAsync(
      MemorySegment to,
      int toDevice,
      MemorySegment from,
      int fromDevice,
      long bytes,
      MemorySegment stream) {
    if (toDevice != Device.ORDINAL || fromDevice != Device.ORDINAL) {
      throw Refusal.misuse(
          Cudart.cudaErrorInvalidDevice(), "from device " + fromDevice + " to " + toDevice);
    }
    return cudaMemcpyAsync(to, from, bytes, Cudart.cudaMemcpyDeviceToDevice(), stream);
  }

  int cudaMemset(MemorySegment to, int value, long bytes) {
    cuda.streams.unsafe("cudaMemset");
    return cudaMemsetAsync(to, value, bytes, MemorySegment.NULL);
  }

  int cudaMemsetAsync(MemorySegment to, int value, long bytes, MemorySegment stream) {
    return cudaMemset2DAsync(to, bytes, value, bytes, 1, stream);
  }

  int cudaMemset2DAsync(
      MemorySegment to, long pitch, int value, long width, long height, MemorySegment stream) {
    Side target = side(to, true, pitch, width, height);
    cuda.streams.submit(
        cuda.streams.of(stream),
        "cudaMemsetAsync",
        () -> {
          MemorySegment memory = memory(target);
          for (long row = 0; target.bytes() > 0 && row < height; row++) {
            memory.asSlice(row * pitch, width).fill((byte) value);
          }
        });
    return Cudart.cudaSuccess();
  }
}
