package dev.lanewise.cuda.simt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The way of one place in a program to memory: it remembers the block that was found last. */
final class MemoryPort {
  // The bytes of a block may begin anywhere on the host; that device addresses are aligned is
  // looked at here.
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ScalarType type;
  private final int size;
  private final int line;

  private long launch = -1;
  private long start;

  /** The last address at which an access fits into the block. */
  private long last = -1;

  private MemorySegment bytes;

  MemoryPort(ScalarType type, int line) {
    this.type = type;
    this.size = type.bytes();
    this.line = line;
  }

  void load(BlockState state, Mask mask, long[] addresses, long[] to) {
    for (int k = 0; k < mask.count; k++) {
      int lane = mask.lanes[k];
      long address = addresses[lane];
      if (address < 0) {
        DeviceArray array = array(state, lane, address);
        to[lane] = array.read(state, lane, array.index(state, lane, address, type, line), line);
      } else {
        long offset = find(state, lane, address, "reads");
        if (state.races != null) {
          state.races.read(state, lane, address, line);
        }
        to[lane] =
            switch (type) {
              case BOOL, UCHAR -> bytes.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
              case SHORT -> bytes.get(SHORT, offset);
              case USHORT -> bytes.get(SHORT, offset) & 0xffff;
              case UINT -> bytes.get(INT, offset) & 0xffff_ffffL;
              case INT, FLOAT -> bytes.get(INT, offset);
              default -> bytes.get(LONG, offset);
            };
        if (type == ScalarType.BOOL && to[lane] > 1) {
          throw state.fault(line, lane, "reads a bool that is " + to[lane] + " at " + hex(address));
        }
      }
    }
  }

  void store(BlockState state, Mask mask, long[] addresses, long[] values) {
    for (int k = 0; k < mask.count; k++) {
      int lane = mask.lanes[k];
      long address = addresses[lane];
      long value = values[lane];
      if (address < 0) {
        DeviceArray array = array(state, lane, address);
        array.write(state, lane, array.index(state, lane, address, type, line), value, line);
      } else {
        long offset = find(state, lane, address, "writes");
        if (state.races != null) {
          state.races.write(state, lane, address, value, line);
        }
        switch (size) {
          case 1 -> bytes.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
          case 2 -> bytes.set(SHORT, offset, (short) value);
          case 4 -> bytes.set(INT, offset, (int) value);
          default -> bytes.set(LONG, offset, value);
        }
      }
    }
  }

  private DeviceArray array(BlockState state, int lane, long address) {
    int number = DeviceArray.number(address);
    if (number >= state.arrays.size()) {
      throw state.fault(line, lane, "uses address " + hex(address) + ", where no memory is");
    }
    return state.arrays.get(number);
  }

  /** {@return the offset in the bytes of the block of an address} */
  private long find(BlockState state, int lane, long address, String does) {
    if (address < start || address > last || launch != state.launch) {
      fetch(state, lane, address, does);
    }
    if ((address & size - 1) != 0) {
      throw state.fault(
          line,
          lane,
          does + " " + type + " at address " + hex(address) + ", which is no multiple of " + size);
    }
    return address - start;
  }

  private void fetch(BlockState state, int lane, long address, String does) {
    String what = does + " " + type + " at address " + hex(address) + ": ";
    if (address == 0) {
      throw state.fault(line, lane, what + "a null pointer");
    }
    try {
      DeviceAccess.Block block = state.memory.blockAt(address);
      long from = block.address();
      long room = block.bytes().byteSize();
      if (address < from || address - from > room - size) {
        throw state.fault(
            line, lane, what + "outside of the block of " + room + " bytes at " + hex(from));
      }
      start = from;
      last = from + room - size;
      bytes = block.bytes();
      launch = state.launch;
    } catch (SimtFault e) {
      throw e;
    } catch (RuntimeException e) {
      throw state.fault(line, lane, what + e.getMessage(), e);
    }
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }
}
