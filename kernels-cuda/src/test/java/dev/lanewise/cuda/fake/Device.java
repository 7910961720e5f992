package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The one device of the double: what it can do, and who has a context on it. */
final class Device {

  /** The CUDA version of runtime and driver. */
  static final int VERSION = 12060;

  static final int ORDINAL = 0;
  static final String NAME = "Driver Double 80";
  static final int MAX_THREADS = 1024;
  static final int SHARED_BYTES = 48 << 10;
  static final int SHARED_BYTES_OPTIN = 164 << 10;
  static final int MULTIPROCESSORS = 4;
  static final int THREADS_OF_MULTIPROCESSOR = 2048;

  /** The device's primary context; there is one for good. */
  record Context() implements Handles.Permanent {}

  /** The device's default memory pool; there is one for good. */
  static final class Pool implements Handles.Permanent {
    final long[] attributes = new long[9];

    /** The sizes of its live blocks by their addresses. */
    private final Map<Long, Long> blocks = new HashMap<>();

    void add(long address, long bytes) {
      blocks.put(address, bytes);
      use(bytes);
    }

    /** Takes a block out, if it is one of the pool's. */
    void remove(long address) {
      Long bytes = blocks.remove(address);
      if (bytes != null) {
        use(-bytes);
      }
    }

    private void use(long bytes) {
      // Each number is followed by the highest that it was: reserved 5 and 6, used 7 and 8.
      attributes[7] += bytes;
      attributes[5] = Math.max(attributes[5], attributes[7]);
      attributes[6] = Math.max(attributes[6], attributes[5]);
      attributes[8] = Math.max(attributes[8], attributes[7]);
    }

    private void clear() {
      blocks.clear();
      Arrays.fill(attributes, 0);
      // Reuse is allowed by default, in its three forms.
      Arrays.fill(attributes, 1, 4, 1);
    }
  }

  final MemorySegment context;
  final MemorySegment pool;
  private final Pool poolState = new Pool();

  int major;
  int minor;
  boolean pools;
  boolean initialized;
  int contextsRetained;

  /** The contexts of each thread, the current one first. */
  private ThreadLocal<ArrayDeque<MemorySegment>> contexts;

  /** The last error of the runtime in each thread, until somebody takes it. */
  private ThreadLocal<Integer> lastError;

  Device(Handles handles) {
    context = handles.add(new Context());
    pool = handles.add(poolState);
    clear();
  }

  void clear() {
    major = 8;
    minor = 0;
    pools = true;
    initialized = false;
    contextsRetained = 0;
    poolState.clear();
    contexts = ThreadLocal.withInitial(ArrayDeque::new);
    lastError = ThreadLocal.withInitial(() -> 0);
  }

  /** {@return the calling thread's context, or null's address} */
  MemorySegment current() {
    return contexts.get().isEmpty() ? MemorySegment.NULL : contexts.get().peek();
  }

  void makeCurrent(MemorySegment handle) {
    contexts.get().poll();
    if (handle.address() != 0) {
      contexts.get().push(handle);
    }
  }

  void pushCurrent(MemorySegment handle) {
    contexts.get().push(handle);
  }

  int lastError() {
    return lastError.get();
  }

  void noteError(int status) {
    lastError.set(status);
  }

  /** Starts the device for the calling thread, as most functions of the runtime do. */
  void start() {
    initialized = true;
    if (current().address() == 0) {
      makeCurrent(context);
    }
  }

  /**
   * {@return an attribute by the number that runtime and driver share, or -1 if the double does not
   * know it}
   */
  int attribute(int number) {
    return switch (number) {
      case 1, 2, 3 -> MAX_THREADS;
      case 4 -> 64;
      case 5 -> Integer.MAX_VALUE;
      case 6, 7 -> 65535;
      case 8 -> SHARED_BYTES;
      case 10 -> 32;
      case 16 -> MULTIPROCESSORS;
      case 18 -> 0;
      case 38 -> 4 << 20;
      case 39 -> THREADS_OF_MULTIPROCESSOR;
      case 75 -> major;
      case 76 -> minor;
      case 83 -> 0;
      case 97 -> SHARED_BYTES_OPTIN;
      case 115 -> pools ? 1 : 0;
      default -> -1;
    };
  }
}
