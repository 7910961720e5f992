package dev.lanewise.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The one place where addresses that a library returned become segments with a size. What is made
 * of them is checked by whoever asks: nobody else knows how long the memory lives.
 */
public final class ForeignMemory {
  /**
   * All addresses, in an arena of a thread that does nothing else: parts of it have an address and
   * a size, can be sliced, and refuse every access with a {@link WrongThreadException}. An address
   * on a device means nothing to the processor, or something else.
   */
  private static final MemorySegment SEALED = ofOtherThread();

  private ForeignMemory() {}

  private static MemorySegment ofOtherThread() {
    // In a class of its own: a lambda of this one would wait for this initializer, which waits.
    FutureTask<MemorySegment> all = new FutureTask<>(new AllAddresses());
    Thread.ofPlatform().name("owner of device memory").start(all);
    boolean interrupted = false;
    while (true) {
      try {
        MemorySegment sealed = all.get();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return sealed;
      } catch (InterruptedException _) {
        interrupted = true;
      } catch (ExecutionException failed) {
        throw new IllegalStateException("device memory: " + failed.getCause(), failed);
      }
    }
  }

  private static final class AllAddresses implements Callable<MemorySegment> {
    @Override
    @SuppressWarnings("restricted") // the reviewed place: see the class comment
    public MemorySegment call() {
      return MemorySegment.NULL.reinterpret(Long.MAX_VALUE, Arena.ofConfined(), null);
    }
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
