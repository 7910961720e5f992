package dev.lanewise.array;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The memory under one or more arrays, and the device that it belongs to. It is freed by the {@link
 * Scope} in which it was made, or, outside any scope, by the garbage collector; memory of somebody
 * else by whoever owns it.
 */
public final class Storage {
  private final Device device;
  private final long byteSize;
  private MemorySegment segment;
  private Scope scope;
  private Write lastWrite;

  /** Whether the memory is somebody else's. */
  private boolean foreign;

  /** Who takes the place of memory that is only imagined; {@code null} for real memory. */
  private Contents contents;

  /** What this is a part of, which must live as long; {@code null} if it is none. */
  private Storage whole;

  private Storage(Device device, long byteSize) {
    this.device = device;
    this.byteSize = byteSize;
  }

  /**
   * {@return a new storage, with whatever was in its memory before} It belongs to the innermost
   * scope that the calling thread has open.
   *
   * @param device who computes on it
   * @param byteSize its size
   */
  static Storage allocate(Device device, long byteSize) {
    Storage storage = new Storage(device, byteSize);
    Scope scope = Scope.current();
    if (scope == null) {
      storage.adopt();
    } else {
      storage.segment = scope.take(device.memory(), byteSize);
      storage.scope = scope;
    }
    return storage;
  }

  /** {@return a storage over memory of somebody else} */
  static Storage over(Device device, MemorySegment segment) {
    Storage storage = new Storage(device, segment.byteSize());
    storage.segment = segment;
    storage.foreign = true;
    return storage;
  }

  /** Stands for the numbers of a storage that has no memory. */
  public interface Contents {
    /**
     * Takes numbers that the program writes.
     *
     * @param storage where
     * @param offset the first byte
     * @param from the bytes, in main memory, on or off the heap; they may change afterwards
     */
    void write(Storage storage, long offset, MemorySegment from);

    /**
     * Takes note that all numbers become zeros.
     *
     * @param storage where
     */
    void clear(Storage storage);

    /**
     * {@return the error for somebody who asks for the numbers themselves}
     *
     * @param storage where
     */
    RuntimeException unknown(Storage storage);
  }

  /**
   * {@return a storage without memory: its arrays have types and layouts, but their numbers are not
   * there} Kernels and readers get the error of its contents.
   *
   * @param device whose arrays it stands for
   * @param byteSize its size
   * @param contents who hears of what is written
   */
  public static Storage imagined(Device device, long byteSize, Contents contents) {
    Storage storage = new Storage(device, byteSize);
    storage.contents = contents;
    return storage;
  }

  /**
   * {@return whether there are no numbers, as of memory that is {@linkplain #imagined imagined}}
   */
  public boolean isImagined() {
    return contents != null;
  }

  /**
   * {@return a part of this storage as a storage of its own} The two share memory and know nothing
   * of it: kernels take arrays over different storages for apart.
   *
   * @param offset its first byte, a multiple of 64
   * @param byteSize its size
   * @throws IllegalArgumentException if it leaves this storage
   * @throws IllegalStateException if this was freed
   */
  public Storage part(long offset, long byteSize) {
    if (offset < 0 || offset % 64 != 0 || byteSize < 0 || offset > this.byteSize - byteSize) {
      throw new IllegalArgumentException(
          "part: %d bytes from byte %d leave a storage of %d bytes, or do not begin at a multiple of 64"
              .formatted(byteSize, offset, this.byteSize));
    }
    Storage part = new Storage(device, byteSize);
    part.segment = segment().asSlice(offset, byteSize);
    part.whole = this;
    return part;
  }

  /** Takes a block of its own, which comes back when this storage is unreachable. */
  private void adopt() {
    Pool pool = device.memory().pool();
    Pool.Block block = pool.take(byteSize);
    segment = block.segment.asSlice(0, byteSize);
    scope = null;
    pool.giveWhenUnreachable(this, block);
  }

  /** Moves the numbers out of a scope that is about to close, into its parent's memory. */
  void moveOut(Scope from) {
    requireAlive();
    if (whole != null) {
      return; // whoever made the whole decides
    }
    if (scope == null || !scope.isWithin(from)) {
      return; // it outlives that scope already
    }
    device.memory().hold(this);
    MemorySegment old = segment;
    Scope parent = from.parent();
    if (parent == null) {
      adopt();
    } else {
      segment = parent.take(device.memory(), byteSize);
      scope = parent;
    }
    device.memory().copyWithin(old, segment);
  }

  /**
   * A change of numbers in place, as a layer above the kernels tells of it. Kernels tell nothing.
   */
  public interface Write {
    /** {@return its place in the order of all changes; later ones have larger numbers} */
    long number();

    /** {@return what wrote} */
    String operation();
  }

  /** {@return the latest change that was told of, or {@code null}} */
  public Write lastWrite() {
    return lastWrite;
  }

  /**
   * Tells of a change of numbers that others may have kept.
   *
   * @param write what has happened
   */
  public void lastWrite(Write write) {
    lastWrite = write;
  }

  /** {@return the device that it belongs to} */
  public Device device() {
    return device;
  }

  /** {@return its size in bytes} */
  public long byteSize() {
    return byteSize;
  }

  /** {@return whether the scope, or the foreign arena, in which it was made is still open} */
  public boolean isAlive() {
    if (whole != null) {
      return whole.isAlive();
    }
    return scope == null ? !foreign || segment.scope().isAlive() : scope.isOpen();
  }

  /**
   * Refuses to touch memory that was freed.
   *
   * @throws IllegalStateException if the scope or arena in which it was made has closed
   */
  public void requireAlive() {
    if (!isAlive()) {
      throw new IllegalStateException(freed());
    }
  }

  /**
   * Refuses, on behalf of an operation, to touch memory that was freed.
   *
   * @param operation who asks, for the error's text
   * @throws IllegalStateException if the scope or arena in which it was made has closed
   */
  public void requireAlive(String operation) {
    if (!isAlive()) {
      throw new IllegalStateException(operation + ": " + freed());
    }
  }

  private String freed() {
    if (whole != null) {
      return whole.freed();
    }
    if (foreign) {
      return "the memory under an array of "
          + byteSize
          + " bytes was freed when its arena closed; keep the arena open, or copy the array";
    }
    return "array of "
        + byteSize
        + " bytes was freed when "
        + scope
        + " closed; move what must live longer out with scope.keep(x)";
  }

  /** Copies bytes in from main memory. */
  void write(long offset, MemorySegment from) {
    if (contents != null) {
      contents.write(this, offset, from);
      return;
    }
    MemorySegment to = segment().asSlice(offset, from.byteSize());
    device.memory().hold(this);
    device.memory().copyIn(from, to);
    Reference.reachabilityFence(this);
  }

  /** Copies bytes out to main memory. */
  void read(long offset, MemorySegment to) {
    device.memory().copyOut(segment().asSlice(offset, to.byteSize()), to);
    Reference.reachabilityFence(this);
  }

  /** Fills all of it with zeros. */
  void clear() {
    if (contents != null) {
      contents.clear(this);
      return;
    }
    MemorySegment all = segment();
    device.memory().hold(this);
    device.memory().clear(all);
    Reference.reachabilityFence(this);
  }

  /**
   * {@return its memory} The segment must not be used after the storage's scope or arena has
   * closed. Java code can read and write it if the device's memory {@linkplain Memory#isHost is the
   * main one}; if not, it refuses that.
   *
   * @throws IllegalStateException if the scope or arena in which it was made has closed, or it is
   *     {@linkplain #imagined only imagined}
   */
  public MemorySegment segment() {
    if (contents != null) {
      throw contents.unknown(this);
    }
    requireAlive();
    return segment;
  }
}
