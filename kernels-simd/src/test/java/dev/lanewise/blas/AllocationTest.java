package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Compiled calls allocate nothing on the calling thread. */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Transpose NO = Transpose.NO;
  private static final Transpose YES = Transpose.YES;
  private static final int CALLS = 1_000;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** Interpreted vector code allocates its vectors, so the JIT is given time. */
  private static void allocatesNothing(String what, Runnable call) {
    long start = System.nanoTime();
    long bytes;
    do {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    } while (bytes > 0 && System.nanoTime() - start < PATIENCE_NANOS);
    assertEquals(0, bytes, "bytes for each call of " + what);
  }

  @Test
  void callsOnArraysAllocateNothing() {
    int n = 70;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    double[] x = new double[n * n];
    double[] y = new double[n * n];
    double[] z = new double[n * n];
    allocatesNothing(
        "sgemm", () -> Blas.sgemm(NO, NO, n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n, 1));
    allocatesNothing(
        "dgemm", () -> Blas.dgemm(YES, YES, n, n, n, 1, x, 0, n, y, 0, n, 0, z, 0, n, 1));
    allocatesNothing("sgemv", () -> Blas.sgemv(NO, n, n, 1, a, 0, n, b, 0, 1, 0, c, 0, 1, 1));
    allocatesNothing("dger", () -> Blas.dger(n, n, 1, x, 0, 1, y, 0, 1, z, 0, n, 1));
    allocatesNothing("saxpy", () -> Blas.saxpy(n, 2, a, 0, 1, c, 0, 1));
    allocatesNothing("ddot", () -> Blas.ddot(n * n, x, 0, 1, y, 0, 1));
    allocatesNothing("snrm2", () -> Blas.snrm2(n, a, 0, 1));
    allocatesNothing("dasum", () -> Blas.dasum(n, x, 0, 1));
    allocatesNothing("isamax", () -> Blas.isamax(n, a, 0, 1));
  }

  @Test
  void callsOnSegmentsAllocateNothing() {
    int n = 70;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(4L * n * n, 64);
      MemorySegment b = arena.allocate(4L * n * n, 64);
      MemorySegment c = arena.allocate(4L * n * n, 64);
      allocatesNothing(
          "sgemm", () -> NativeBlas.sgemm(NO, YES, n, n, n, 1, a, n, b, n, 0, c, n, 1));
      allocatesNothing("sgemv", () -> NativeBlas.sgemv(NO, n, n, 1, a, n, b, 0, c, 1));
      allocatesNothing("saxpy", () -> NativeBlas.saxpy(4_900, 2, a, c));
      allocatesNothing("sdot", () -> NativeBlas.sdot(4_900, a, b));
    }
  }

  @Test
  void callsOnSeveralThreadsAllocateNothing() {
    int n = 200;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    allocatesNothing(
        "sgemm", () -> Blas.sgemm(NO, NO, n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n, 2));
  }
}
