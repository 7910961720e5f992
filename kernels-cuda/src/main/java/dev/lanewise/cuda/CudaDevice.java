package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * A device as the backend uses it: its memory, its kernels, the handles of its libraries, and one
 * stream on which all work is done in the order in which it was asked for. One thread at a time
 * gives work to it.
 */
final class CudaDevice {
  private final DeviceFacts facts;
  private final ReentrantLock lock = new ReentrantLock();
  private final MemorySegment stream;
  private final Arguments arguments = new Arguments();
  private final DeviceMemory memory;
  private final Kernels kernels;
  private final Handles handles;

  /** Captured work that is not closed yet; for whoever has begun an operation. */
  private final Set<Capture> captures = new LinkedHashSet<>();

  private volatile boolean closed;

  /** What is being recorded; null most of the time. */
  private volatile Capture capture;

  /**
   * Opens a device.
   *
   * @param facts what it is
   */
  CudaDevice(DeviceFacts facts) {
    this.facts = facts;
    memory = new DeviceMemory(this);
    kernels = new Kernels(this);
    handles = new Handles(this);
    // Last, so that nothing is left behind if one of those refuses.
    bind();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      // Nobody has to wait for what others do on the default stream.
      Status.runtime(
          "cudaStreamCreateWithFlags",
          Cudart.cudaStreamCreateWithFlags(pointer, Cudart.cudaStreamNonBlocking()));
      stream = pointer.get(Cudart.C_POINTER, 0);
    }
  }

  /** Makes this the calling thread's device, as every thread has one of its own. */
  private void bind() {
    Status.runtime("cudaSetDevice", Cudart.cudaSetDevice(facts.ordinal()));
  }

  /**
   * Begins an operation; other threads wait until it ends.
   *
   * {@snippet :
   * try (Operation operation = device.begin("gather", x, indices, out)) {
   *   // ... launch kernels ...
   * }
   * }
   *
   * @param name the operation's name, for errors
   * @param arrays what it is done with, for errors; some may be null
   */
  Operation begin(String name, NdArray... arrays) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            name + ": the backend was closed; make another, or close it later");
      }
      // Each time: a virtual thread that had to wait may go on in another thread of the system.
      bind();
      return Operation.begin(this, name, arrays);
    } catch (Throwable failed) {
      lock.unlock();
      throw failed;
    }
  }

  /** Ends what {@link #begin} began. */
  void release() {
    lock.unlock();
  }

  /**
   * {@return whether work is recorded at present, instead of being done} For whoever has begun an
   * operation.
   */
  boolean isCapturing() {
    return capture != null;
  }

  /** {@return what the calling thread records, or null} */
  Capture capture() {
    Capture present = capture;
    return present != null && present.isOfThisThread() ? present : null;
  }

  /** {@return the captured work that ends with the device at the latest} */
  Set<Capture> captures() {
    return captures;
  }

  /** {@return whether the device was given back} */
  boolean isClosed() {
    return closed;
  }

  /**
   * {@return the status of a function that takes memory of its own on the device} If there is none
   * left, what waits in the pool is given back, and the function called once more.
   *
   * @param function the call
   * @param exhausted the status that says that there is no memory
   */
  int withMemory(IntSupplier function, int exhausted) {
    int status = function.getAsInt();
    if (status == exhausted && !isCapturing()) {
      memory.trim();
      status = function.getAsInt();
    }
    return status;
  }

  /** Notes what is being recorded; null for nothing any more. */
  void capture(Capture present) {
    capture = present;
  }

  /**
   * Refuses what can not be done while work is recorded. Whoever asks has begun an operation: what
   * another thread records is no business of theirs.
   *
   * @param what for the error, for example {@code "read numbers of an array"}
   */
  void requireNoCapture(String what) {
    if (isCapturing()) {
      throw new IllegalStateException(
          "capture: captured work can not "
              + what
              + ", as it is recorded and done later; do it before, or after run()");
    }
  }

  DeviceFacts facts() {
    return facts;
  }

  /** {@return the stream on which all work is done} */
  MemorySegment stream() {
    return stream;
  }

  DeviceMemory memory() {
    return memory;
  }

  Kernels kernels() {
    return kernels;
  }

  /** {@return the handles of the libraries, for whoever has begun an operation} */
  Handles handles() {
    return handles;
  }

  /** {@return room for the arguments of the next kernel, empty} */
  Arguments arguments() {
    return arguments.clear();
  }

  /** Waits until all work that was given to the device is done. */
  void synchronize() {
    requireNoCapture("wait for the device");
    Status.runtime("cudaStreamSynchronize", Cudart.cudaStreamSynchronize(stream));
  }

  /**
   * Gives everything back; no array of the device may be used any more.
   *
   * @param first what is closed before the device itself
   * @throws IllegalStateException if the calling thread records work; nothing is given back then
   */
  void close(Closing.Step... first) {
    lock.lock();
    if (closed) {
      lock.unlock();
      return;
    }
    if (isCapturing()) {
      lock.unlock(); // what is recorded holds it once more
      requireNoCapture("close its backend");
    }
    try (Operation _ = Operation.begin(this, "close", new NdArray[0])) {
      try {
        Closing.all(
            this::bind,
            this::synchronize,
            () -> Closing.all(List.<Closing.Step>copyOf(captures)),
            () -> Closing.all(first),
            handles::close,
            kernels::close,
            memory::close,
            () -> Status.runtime("cudaStreamDestroy", Cudart.cudaStreamDestroy(stream)));
      } finally {
        closed = true; // before the lock is free: who waits for it must not use the stream
      }
    }
  }
}
