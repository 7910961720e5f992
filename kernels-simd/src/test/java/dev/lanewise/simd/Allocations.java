package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what calls allocate on the Java heap, on the calling thread. */
public final class Allocations {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CALLS = 300;
  private static final long PATIENCE_NANOS = 180_000_000_000L;

  private Allocations() {}

  /** Asserts that a call allocates nothing once it is compiled. */
  public static void allocatesNothing(String what, Runnable call) {
    allocatesAtMost(0, what, call);
  }

  /**
   * Asserts that a call allocates few bytes once it is compiled. Interpreted vector code allocates
   * its vectors, so the JIT is given time.
   */
  public static void allocatesAtMost(long most, String what, Runnable call) {
    long start = System.nanoTime();
    long bytes;
    do {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    } while (bytes > most && System.nanoTime() - start < PATIENCE_NANOS);
    assertTrue(bytes <= most, bytes + " bytes for each call of " + what);
  }
}
