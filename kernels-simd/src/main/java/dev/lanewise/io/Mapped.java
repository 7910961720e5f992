package dev.lanewise.io;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** Arrays over a part of a file that the system maps into memory. */
final class Mapped {
  private Mapped() {}

  /** {@return an array over the elements at a byte of a file, unmapped once it is unreachable} */
  static NdArray array(FileChannel channel, long at, Device device, DType dtype, Shape shape)
      throws IOException {
    if (!device.memory().isHost()) {
      throw new IllegalArgumentException(
          "map: arrays of '" + device.name() + "' are not in main memory; load the file instead");
    }
    if (shape.size() == 0) {
      return NdArray.uninitialized(device, dtype, shape); // nothing to map
    }
    long bytes = shape.size() * dtype.byteSize();
    // Private: what is written stays in memory.
    MemorySegment memory = channel.map(MapMode.PRIVATE, at, bytes, Arena.ofAuto());
    return NdArray.wrap(device, memory, dtype, shape);
  }
}
