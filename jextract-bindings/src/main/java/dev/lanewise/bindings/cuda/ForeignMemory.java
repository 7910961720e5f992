package dev.lanewise.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The one place where addresses that a library returned become segments with a size. What is made
 * of them is checked by whoever asks: nobody else knows how long the memory lives.
 */
public final class ForeignMemory {
  /**
   * An arena of a thread that does nothing else: its segments have an address and a size, can be sliced,
   * and refuse every access with a {@link WrongThreadException}. An address on a device means
   * nothing to the processor, or something else.
   */
  private static final Arena SEALED = ofOtherThread();

  private ForeignMemory() {}

  private static Arena ofOtherThread() {
    // A method reference, and no lambda: the code of one would wait for this class's initializer.
    FutureTask<Arena> open = new FutureTask<>(Arena::ofConfined);
    Thread.ofPlatform().name("owner of device memory").start(open);
    boolean interrupted = false;
    while (true) {
      try {
        Arena arena = open.get();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return arena;
      } catch (InterruptedException _) {
        interrupted = true;
      } catch (ExecutionException impossible) {
        throw new AssertionError("opening an arena can not fail", impossible);
      }
    }
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
