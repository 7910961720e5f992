package dev.lanewise.array;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Recycles blocks of one {@link Memory}. Blocks come in size classes, multiples of 64 bytes and
 * four to each power of two, so at most a fifth of a block above 256 bytes is unused. A freed block
 * waits for the next request of its class; one that nobody wanted for {@value #IDLE_SECONDS}
 * seconds goes back to the system when next a block is freed.
 *
 * <p>Arrays outside a {@link Scope} come back when the garbage collector finds them unreachable.
 * Their small heap objects alone would seldom cause a collection, so the pool asks for one when the
 * blocks have doubled since the last. Taking a block that waits allocates nothing: a kernel that
 * needs memory for the time of a call takes a block.
 */
public final class Pool {
  static final long IDLE_SECONDS = 10;

  private static final long IDLE_NANOS = IDLE_SECONDS * 1_000_000_000L;
  private static final long SMALLEST = 64;
  private static final long LONGEST_PAUSE_MILLIS = 64;
  private static final long FIRST_COLLECTION = 512L << 20;

  /** Four for each power of two that a size can lie behind. */
  private static final int CLASSES = 4 * Long.SIZE;

  private static final System.Logger LOG = System.getLogger("dev.lanewise.array");

  /** One thread for all pools: it only returns blocks and unmaps. */
  private static final Cleaner CLEANER = Cleaner.create();

  /** A block of memory, in use by a storage, a scope or a call, or waiting in the pool. */
  public static final class Block {
    final MemorySegment segment;
    private long freedAt;

    private Block(MemorySegment segment) {
      this.segment = segment;
    }

    /** {@return where it begins, a multiple of 64} */
    public long address() {
      return segment.address();
    }
  }

  private final Memory memory;

  /** The waiting blocks of each size class. */
  private final List<ArrayDeque<Block>> free =
      Stream.generate(() -> new ArrayDeque<Block>(1)).limit(CLASSES).toList();

  private long mapped;
  private long cached;
  private long lastSweep = System.nanoTime();
  private long collectAbove = FIRST_COLLECTION;

  /**
   * Makes the pool of a memory.
   *
   * @param memory where blocks come from
   */
  public Pool(Memory memory) {
    this.memory = memory;
  }

  /** {@return the bytes held from the system: in use, or waiting to be used again} */
  public synchronized long mappedBytes() {
    return mapped;
  }

  /** {@return the bytes that wait in the pool to be used again} */
  public synchronized long cachedBytes() {
    return cached;
  }

  /** Gives every waiting block back to the system. */
  public void trim() {
    RuntimeException failure = unmap(takeIdle(0, true));
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * {@return the size of the block that serves a request}
   *
   * @param bytes the request
   */
  static long blockSize(long bytes) {
    if (bytes <= SMALLEST) {
      return SMALLEST;
    }
    long step = Math.max(SMALLEST, Long.highestOneBit(bytes - 1) >> 2);
    return Math.addExact(bytes, step - 1) / step * step;
  }

  /** {@return which size class the blocks of a size make} */
  private static int sizeClass(long size) {
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(size - 1);
    return 4 * power + (int) (((size - 1) >> Math.max(0, power - 2)) & 3);
  }

  /**
   * {@return a block of at least so many bytes, with whatever was in it before} Whoever takes it
   * gives it back.
   *
   * @param bytes how many
   * @throws OutOfMemoryError if the system has no more
   */
  public Block take(long bytes) {
    long size = blockSize(bytes);
    Block recycled = takeFree(size);
    if (recycled != null) {
      return recycled;
    }
    if (reserve(size)) {
      // Arrays that nobody can reach any more hold most of the memory: let them be found.
      collect();
      recycled = takeFree(size);
      if (recycled != null) {
        unreserve(size);
        return recycled;
      }
    }
    try {
      return new Block(map(size));
    } catch (OutOfMemoryError e) {
      unreserve(size);
      throw e;
    }
  }

  private MemorySegment map(long size) {
    try {
      return memory.map(size);
    } catch (OutOfMemoryError _) {
      collect();
    }
    // The cleaner thread may need a while to bring back what the collector has found.
    for (long millis = 1; ; millis *= 2) {
      trim();
      try {
        return memory.map(size);
      } catch (OutOfMemoryError e) {
        if (millis > LONGEST_PAUSE_MILLIS) {
          throw full(size, e);
        }
      }
      pause(millis);
    }
  }

  private OutOfMemoryError full(long size, OutOfMemoryError cause) {
    OutOfMemoryError full = memory.exhausted(size, inUse() - size);
    full.initCause(cause);
    return full;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Block takeFree(long size) {
    Block block = free.get(sizeClass(size)).pollLast();
    if (block != null) {
      cached -= size;
    }
    return block;
  }

  /** Counts a block about to be mapped; true if a collection is due first. */
  private synchronized boolean reserve(long size) {
    mapped += size;
    return mapped - cached > collectAbove;
  }

  private synchronized void unreserve(long size) {
    mapped -= size;
  }

  /**
   * Takes a block back; its owner reaches it no more.
   *
   * @param block what {@link #take} returned
   */
  public void give(Block block) {
    RuntimeException failure = unmap(keep(block));
    if (failure != null) {
      // Whoever gives a block back has nothing to do with those that wait.
      LOG.log(Level.WARNING, "a block of memory could not be given back to the system", failure);
    }
  }

  /** {@return the blocks that have waited too long, after this one has joined those that wait} */
  private synchronized List<Block> keep(Block block) {
    long now = System.nanoTime();
    block.freedAt = now;
    long size = block.segment.byteSize();
    free.get(sizeClass(size)).addLast(block);
    cached += size;
    if (now - lastSweep > IDLE_NANOS / 2) {
      lastSweep = now;
      return takeIdle(now, false);
    }
    return List.of();
  }

  /** {@return the blocks that have waited too long, or all that wait, which wait no more} */
  private synchronized List<Block> takeIdle(long now, boolean all) {
    List<Block> idle = new ArrayList<>();
    for (ArrayDeque<Block> list : free) {
      for (Iterator<Block> it = list.iterator(); it.hasNext(); ) {
        Block block = it.next();
        if (!all && now - block.freedAt <= IDLE_NANOS) {
          break; // the first were freed the longest ago
        }
        it.remove();
        cached -= block.segment.byteSize();
        mapped -= block.segment.byteSize();
        idle.add(block);
      }
    }
    return idle;
  }

  /**
   * {@return what has failed, or null, when blocks were given back to the system} One that fails
   * keeps no other from going back. Without this pool's monitor: a memory may have to wait for
   * somebody who waits for the pool.
   */
  private RuntimeException unmap(List<Block> blocks) {
    RuntimeException failure = null;
    // By number: there are mostly none, and an iterator would be an object for each call of a
    // kernel.
    for (int i = 0; i < blocks.size(); i++) {
      try {
        memory.unmap(blocks.get(i).segment);
      } catch (RuntimeException failed) {
        failure = failed;
      }
    }
    return failure;
  }

  /** Gives a block back when the garbage collector finds {@code owner} unreachable. */
  void giveWhenUnreachable(Object owner, Block block) {
    CLEANER.register(owner, () -> give(block));
  }

  /** Waits while the cleaner thread brings back one block after the other. */
  private void awaitReturns() {
    long before;
    long now = inUse();
    do {
      before = now;
      pause(2);
      now = inUse();
    } while (now < before);
  }

  private synchronized long inUse() {
    return mapped - cached;
  }

  /**
   * Asks for a garbage collection and waits until the blocks of unreachable arrays are back.
   * Off-heap memory is invisible to the collector's own triggers; the JDK's direct buffers ask in
   * the same way.
   */
  private void collect() {
    CountDownLatch swept = new CountDownLatch(1);
    // Cleaning actions run in no promised order; this one's tells that they run at all.
    CLEANER.register(new Object(), swept::countDown);
    System.gc();
    try {
      swept.await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    awaitReturns();
    synchronized (this) {
      collectAbove = Math.max(FIRST_COLLECTION, 2 * (mapped - cached));
    }
  }
}
