package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every task runs once, whatever threads, failures, interruptions and nesting do. */
@Timeout(60)
class WorkersTest {
  private static void assertEachOnce(Workers workers, int tasks) {
    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
    workers.run(tasks, runs::incrementAndGet);
    for (int i = 0; i < tasks; i++) {
      assertEquals(1, runs.get(i), "runs of task " + i + " of " + tasks);
    }
  }

  @Test
  void runsEachTaskOnce() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      Workers workers = new Workers(threads);
      for (int round = 0; round < 2_000; round++) {
        assertEachOnce(workers, round % 17);
      }
    }
  }

  @Test
  void servesAfterParking() throws InterruptedException {
    Workers workers = new Workers(3);
    for (int round = 0; round < 5; round++) {
      assertEachOnce(workers, 100);
      Thread.sleep(20); // far longer than a worker spins
    }
  }

  @Test
  void passesTheFailureOnAndGoesOn() {
    Workers workers = new Workers(2);
    IllegalStateException failure = new IllegalStateException("task 3");
    for (int round = 0; round < 200; round++) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.run(
                      50,
                      i -> {
                        if (i == 3) {
                          throw failure;
                        }
                      }));
      assertSame(failure, thrown);
      assertEachOnce(workers, 20);
    }
  }

  @Test
  void aCallMayUseFewerThreads() {
    Workers workers = new Workers(4);
    for (int most = 1; most <= 6; most++) {
      Set<Thread> used = ConcurrentHashMap.newKeySet();
      AtomicInteger runs = new AtomicInteger();
      for (int round = 0; round < 50; round++) {
        workers.run(
            40,
            most,
            i -> {
              used.add(Thread.currentThread());
              runs.incrementAndGet();
              LockSupport.parkNanos(1_000); // so that others come to take some
            });
      }
      assertEquals(50 * 40, runs.get());
      assertTrue(used.size() <= most, used.size() + " threads instead of " + most);
    }
  }

  @Test
  void aCallAllocatesNothing() {
    Workers workers = new Workers(2);
    AtomicInteger runs = new AtomicInteger();
    IntConsumer task = i -> runs.incrementAndGet();
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 20 && allocated > 0; attempt++) { // the JIT at work
      long before = memory.getCurrentThreadAllocatedBytes();
      for (int round = 0; round < 1_000; round++) {
        workers.run(8, task);
      }
      allocated = memory.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated, "bytes for 1,000 calls");
  }

  @Test
  void anIdlePoolKeepsNothingAlive() throws InterruptedException {
    Workers workers = new Workers(3);
    WeakReference<int[]> kept = runWithMemory(workers);
    for (int attempt = 0; attempt < 200 && kept.get() != null; attempt++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(kept.get());
  }

  private static WeakReference<int[]> runWithMemory(Workers workers) {
    int[] memory = new int[1_000];
    workers.run(memory.length, i -> memory[i]++);
    return new WeakReference<>(memory);
  }

  @Test
  void aTaskMayUseThePoolAgain() {
    Workers workers = new Workers(2);
    AtomicInteger runs = new AtomicInteger();
    workers.run(10, i -> workers.run(10, j -> runs.incrementAndGet()));
    assertEquals(100, runs.get());
  }

  @Test
  void manyThreadsMayCallAtOnce() throws InterruptedException {
    Workers workers = new Workers(2);
    AtomicInteger runs = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    for (int c = 0; c < 8; c++) {
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      go.await();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    for (int round = 0; round < 500; round++) {
                      workers.run(7, i -> runs.incrementAndGet());
                    }
                  }));
    }
    go.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(8 * 500 * 7, runs.get());
  }

  @Test
  void anInterruptedCallerWaitsForItsTasksAndStaysInterrupted() {
    Workers workers = new Workers(2);
    AtomicInteger finished = new AtomicInteger();
    for (int round = 0; round < 20; round++) {
      Thread.currentThread().interrupt();
      CountDownLatch callerIsDone = new CountDownLatch(1);
      Thread caller = Thread.currentThread();
      workers.run(
          2,
          i -> {
            if (Thread.currentThread() == caller) {
              callerIsDone.countDown();
            } else {
              await(callerIsDone);
              LockSupport.parkNanos(2_000_000); // far longer than the caller spins
            }
            finished.incrementAndGet();
          });
      assertEquals(2 * (round + 1), finished.get());
      assertTrue(Thread.interrupted(), "the interruption was lost");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theNumberOfThreadsIsChecked() {
    String before = System.getProperty(Workers.PROPERTY);
    try {
      for (String wrong : new String[] {"0", "-1", "1025", "two", ""}) {
        System.setProperty(Workers.PROPERTY, wrong);
        String text =
            assertThrows(IllegalArgumentException.class, Workers::configuredThreads).getMessage();
        assertTrue(text.contains(Workers.PROPERTY) && text.contains("'" + wrong + "'"), text);
      }
      System.setProperty(Workers.PROPERTY, "5");
      assertEquals(5, Workers.configuredThreads());
    } finally {
      if (before == null) {
        System.clearProperty(Workers.PROPERTY);
      } else {
        System.setProperty(Workers.PROPERTY, before);
      }
    }
  }
}
