package dev.lanewise.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one place where addresses that a library returned become segments with a size. What is made
 * of them is checked by whoever asks: nobody else knows how long the memory lives.
 */
public final class ForeignMemory {
  /**
   * All addresses, in an arena of a thread that has ended: its parts have an address and a size,
   * can be sliced, and refuse every access with a {@link WrongThreadException}. An address on a
   * device means nothing to the processor, or something else.
   */
  private static final MemorySegment SEALED = ofEndedThread();

  private ForeignMemory() {}

  /**
   * The thread's work. No lambda: its body would belong to the class around it and wait for that to
   * be initialised, which waits for it. And only the arena's own thread may make its segments.
   */
  private static final class Seal implements Runnable {
    private MemorySegment all;

    @Override
    @SuppressWarnings("restricted") // nobody can reach what the address means
    public void run() {
      all = MemorySegment.NULL.reinterpret(Long.MAX_VALUE, Arena.ofConfined(), null);
    }
  }

  private static MemorySegment ofEndedThread() {
    Seal seal = new Seal();
    Thread owner = new Thread(seal, "owner of device memory");
    owner.start();
    boolean interrupted = false;
    while (owner.isAlive()) {
      try {
        owner.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return seal.all;
  }

  /**
   * {@return memory of a device: address and size, which no Java code can read or write}
   *
   * @param address where it begins on the device
   * @param bytes its size
   */
  public static MemorySegment onDevice(long address, long bytes) {
    return SEALED.asSlice(address, bytes);
  }

  /**
   * {@return main memory that a library has allocated}
   *
   * @param address where it begins
   * @param bytes its size
   */
  @SuppressWarnings("restricted") // the reviewed place: see the class comment
  public static MemorySegment onHost(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
