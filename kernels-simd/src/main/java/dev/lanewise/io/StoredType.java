package dev.lanewise.io;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a file writes the elements of an array.
 *
 * @param dtype the type that they have in memory
 * @param bytes the bytes that one takes in the file
 * @param swapped whether they are in the byte order that this machine has not
 * @param signed whether an integer's highest bit is its sign
 */
record StoredType(DType dtype, int bytes, boolean swapped, boolean signed) {

  /** {@return whether elements in the file are, byte for byte, elements of an array} */
  boolean isPlain() {
    // A byte of a mask may be more than 1 in a file.
    return !swapped && bytes == dtype.byteSize() && dtype != DType.BOOL;
  }

  /** {@return an array read from a source} */
  NdArray read(Device device, Shape shape, Source in) throws IOException {
    NdArray array = NdArray.uninitialized(device, dtype, shape);
    if (!device.memory().isHost()) {
      array.copyFromHost(read(Device.HOST, shape, in));
      return array;
    }
    MemorySegment to = array.storage().segment().asSlice(0, shape.size() * dtype.byteSize());
    if (isPlain()) {
      in.fill(to);
    } else {
      int most = Elements.CHUNK / bytes;
      for (long done = 0; done < shape.size(); done += most) {
        int count = (int) Math.min(most, shape.size() - done);
        decode(in.take(count * bytes, "elements"), to, done, count);
      }
    }
    Reference.reachabilityFence(array);
    return array;
  }

  private void decode(ByteBuffer from, MemorySegment to, long first, int count) {
    ByteOrder here = ByteOrder.nativeOrder();
    ByteOrder other = here == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    from.order(swapped ? other : here);
    int unused = Long.SIZE - Byte.SIZE * bytes;
    for (int i = 0; i < count; i++) {
      long bits =
          switch (bytes) {
            case 1 -> from.get();
            case 2 -> from.getShort();
            case 4 -> from.getInt();
            default -> from.getLong();
          };
      long value = signed ? bits : bits << unused >>> unused;
      long at = first + i;
      switch (dtype) {
        // Floating-point numbers as their bits.
        case F16, BF16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) value);
        case F32 -> to.setAtIndex(ValueLayout.JAVA_INT, at, (int) value);
        case F64 -> to.setAtIndex(ValueLayout.JAVA_LONG, at, value);
        case I32, I64, BOOL -> dtype.setLong(to, at, value);
      }
    }
  }
}
