package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

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

  /** What is being recorded; null most of the time. */
  private volatile Capture capture;

  /**
   * Opens a device.
   *
   * @param facts what it is
   */
  CudaDevice(DeviceFacts facts) {
    this.facts = facts;
    bind();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
      // Nobody has to wait for what others do on the default stream.
      Status.runtime(
          "cudaStreamCreateWithFlags",
          Cudart.cudaStreamCreateWithFlags(pointer, Cudart.cudaStreamNonBlocking()));
      stream = pointer.get(Cudart.C_POINTER, 0);
    }
    memory = new DeviceMemory(this);
    kernels = new Kernels(this);
    handles = new Handles(this);
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
      if (lock.getHoldCount() == 1) {
        bind();
      }
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

  /** {@return whether work is recorded at present, instead of being done} */
  boolean isCapturing() {
    return capture != null;
  }

  /** {@return what the calling thread records, or null} */
  Capture capture() {
    Capture present = capture;
    return present != null && present.isOfThisThread() ? present : null;
  }

  /** Notes what is being recorded; null for nothing any more. */
  void capture(Capture present) {
    capture = present;
  }

  /**
   * Refuses what can not be done while work is recorded.
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
   */
  void close(Closing.Step... first) {
    lock.lock();
    try (Operation _ = Operation.begin(this, "close", new NdArray[0])) {
      Closing.all(
          this::bind,
          this::synchronize,
          () -> Closing.all(first),
          handles::close,
          kernels::close,
          memory::close,
          () -> Status.runtime("cudaStreamDestroy", Cudart.cudaStreamDestroy(stream)));
    }
  }
}
