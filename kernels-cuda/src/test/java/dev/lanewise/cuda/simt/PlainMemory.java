package dev.lanewise.cuda.simt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/** Device memory for the tests here: blocks on the heap, with gaps between. */
final class PlainMemory implements DeviceAccess {
  private final TreeMap<Long, Block> blocks = new TreeMap<>();
  private long next = 1L << 52;

  long allocate(int bytes) {
    long address = next;
    blocks.put(address, new Block(address, MemorySegment.ofArray(new byte[bytes])));
    next += (bytes + 511L) / 256 * 256;
    return address;
  }

  long floats(float... values) {
    long address = allocate(4 * values.length);
    MemorySegment.copy(
        values, 0, bytes(address), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    return address;
  }

  long ints(int... values) {
    long address = allocate(4 * values.length);
    MemorySegment.copy(values, 0, bytes(address), ValueLayout.JAVA_INT_UNALIGNED, 0, values.length);
    return address;
  }

  float[] floats(long address) {
    return bytes(address).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  int[] ints(long address) {
    return bytes(address).toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  long[] longs(long address) {
    return bytes(address).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  MemorySegment bytes(long address) {
    return blocks.get(address).bytes();
  }

  @Override
  public MemorySegment at(long address, long bytes) {
    Block block = blockAt(address);
    return block.bytes().asSlice(address - block.address(), bytes);
  }

  @Override
  public Block blockAt(long address) {
    Map.Entry<Long, Block> entry = blocks.floorEntry(address);
    if (entry == null || address - entry.getKey() >= entry.getValue().bytes().byteSize()) {
      throw new IllegalStateException("no block of memory there");
    }
    return entry.getValue();
  }
}
