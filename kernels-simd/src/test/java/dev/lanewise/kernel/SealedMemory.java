package dev.lanewise.kernel;

import dev.lanewise.array.Device;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory as that of a device seems to Java: blocks have addresses that mean nothing to the
 * processor, and refuse every access. Behind each lies a block of main memory, which only the
 * copies and {@link #unsealed} reach.
 */
final class SealedMemory implements Memory {
  /** All addresses, in an arena of a thread that has ended: nobody may touch what they mean. */
  private static final MemorySegment SEALED = ofEndedThread();

  /** Beyond what the processor takes for an address. */
  private static final long FIRST_ADDRESS = 1L << 52;

  /** Between two blocks, so that an address behind the end of one is in none. */
  private static final long GAP = 4096;

  private final Pool pool = new Pool(this);
  private final AtomicLong next = new AtomicLong(FIRST_ADDRESS);
  private final ConcurrentSkipListMap<Long, MemorySegment> blocks = new ConcurrentSkipListMap<>();

  /** The thread's work, in a class of its own: a lambda would wait for the class around it. */
  private static final class Seal implements Runnable {
    private MemorySegment all;

    @Override
    @SuppressWarnings("restricted") // nobody can reach what the addresses mean
    public void run() {
      all = MemorySegment.NULL.reinterpret(Long.MAX_VALUE, Arena.ofConfined(), null);
    }
  }

  private static MemorySegment ofEndedThread() {
    Seal seal = new Seal();
    Thread owner = Thread.ofPlatform().start(seal);
    try {
      owner.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return seal.all;
  }

  @Override
  public Pool pool() {
    return pool;
  }

  @Override
  public MemorySegment map(long bytes) {
    MemorySegment real = HostMemory.INSTANCE.map(bytes);
    long address = next.getAndAdd((bytes + GAP + 63) & -64);
    blocks.put(address, real);
    return SEALED.asSlice(address, bytes);
  }

  @Override
  public void unmap(MemorySegment block) {
    HostMemory.INSTANCE.unmap(blocks.remove(block.address()));
  }

  @Override
  public boolean isHost() {
    return false;
  }

  @Override
  public void copyIn(MemorySegment from, MemorySegment to) {
    real(to).copyFrom(from);
  }

  @Override
  public void copyOut(MemorySegment from, MemorySegment to) {
    to.copyFrom(real(from));
  }

  @Override
  public void copyWithin(MemorySegment from, MemorySegment to) {
    real(to).copyFrom(real(from));
  }

  @Override
  public void clear(MemorySegment block) {
    real(block).fill((byte) 0);
  }

  /** {@return the main memory behind a part of a block} */
  private MemorySegment real(MemorySegment part) {
    Map.Entry<Long, MemorySegment> block = blocks.floorEntry(part.address());
    if (block == null) {
      throw new IllegalArgumentException("no block of sealed memory has " + part);
    }
    return block.getValue().asSlice(part.address() - block.getKey(), part.byteSize());
  }

  /**
   * {@return an array of a backend of main memory, over what lies behind one of this memory}
   *
   * @param array alive; whoever asks keeps it reachable
   * @param device the other backend
   * @param known what was unsealed before of the same call: who shares a storage, shares it again
   */
  NdArray unsealed(NdArray array, Device device, Map<Storage, NdArray> known) {
    int width = array.dtype().byteSize();
    NdArray base = known.get(array.storage());
    if (base == null || base.dtype() != array.dtype()) {
      int elements = Math.toIntExact(array.storage().byteSize() / width);
      MemorySegment real = real(array.storage().segment());
      base = NdArray.wrap(device, real, array.dtype(), Shape.of(elements));
      known.put(array.storage(), base);
    }
    return base.view(array.layout());
  }
}
