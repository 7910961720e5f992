package dev.lanewise.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one place where addresses that a library returned become segments with a size. What is made
 * of them is checked by whoever asks: nobody else knows how long the memory lives.
 */
public final class ForeignMemory {
  /**
   * An arena of a thread that has ended: its segments have an address and a size, can be sliced,
   * and refuse every access with a {@link WrongThreadException}. An address on a device means
   * nothing to the processor, or something else.
   */
  private static final Arena SEALED = ofEndedThread();

  private ForeignMemory() {}

  private static Arena ofEndedThread() {
    Arena[] arena = new Arena[1];
    Thread owner = new Thread(() -> arena[0] = Arena.ofConfined(), "owner of device memory");
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
    return arena[0];
  }

  /**
   * {@return memory of a device: address and size, which no Java code can read or write}
   *
   * @param address where it begins on the device
   * @param bytes its size
   */
  @SuppressWarnings("restricted") // the reviewed place: see the class comment
  public static MemorySegment onDevice(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes, SEALED, null);
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
