package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaTypes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Stores results through pointers of the host. */
final class Out {

  private final HostMemory host;

  Out(HostMemory host) {
    this.host = host;
  }

  void number(MemorySegment pointer, int value) {
    host.at(pointer, Integer.BYTES).set(CudaTypes.C_INT, 0, value);
  }

  void size(MemorySegment pointer, long value) {
    host.at(pointer, Long.BYTES).set(CudaTypes.C_LONG_LONG, 0, value);
  }

  void pointer(MemorySegment pointer, MemorySegment value) {
    host.at(pointer, Long.BYTES).set(CudaTypes.C_POINTER, 0, value);
  }

  void pointer(MemorySegment pointer, long value) {
    pointer(pointer, MemorySegment.ofAddress(value));
  }

  /** Stores a text with its final zero, cut to what there is room for. */
  void text(MemorySegment pointer, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(bytes.length, room - 1);
    MemorySegment to = host.at(pointer, room);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, to, 0, length);
    to.set(CudaTypes.C_CHAR, length, (byte) 0);
  }
}
