package dev.lanewise.io;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backends;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** Elements on their way between files and memory. */
final class Elements {
  /** A megabyte at a time: all that is copied on its way. */
  static final int CHUNK = 1 << 20;

  private Elements() {}

  /** Writes all elements, in row-major order. */
  static void write(NdArray array, OutputStream out) throws IOException {
    NdArray plain = array;
    if (!array.layout().isContiguous()) {
      plain = NdArray.uninitialized(array.device(), array.dtype(), array.shape());
      Backends.of(array).copy(array, plain);
    }
    long width = array.dtype().byteSize();
    plain = plain.inHost();
    MemorySegment from =
        plain.storage().segment().asSlice(plain.layout().offset() * width, plain.size() * width);
    byte[] chunk = new byte[(int) Math.min(CHUNK, from.byteSize())];
    for (long done = 0; done < from.byteSize(); done += chunk.length) {
      int count = (int) Math.min(chunk.length, from.byteSize() - done);
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, done, chunk, 0, count);
      out.write(chunk, 0, count);
    }
    Reference.reachabilityFence(plain);
  }
}
