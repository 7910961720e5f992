package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches computed ahead. */
@Timeout(60)
class PrefetchTest {
  private static final int DEPTH = 3;

  private final AtomicInteger computed = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** Sample i is the number i; who asks and how often is written down. */
  private final Dataset counting =
      Dataset.of(
          1000,
          i -> {
            threads.add(Thread.currentThread());
            computed.incrementAndGet();
            return Sample.of(Tensor.scalar(i));
          });

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for too long");
      Thread.sleep(1);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void batchesAreTheSameBitForBit() {
    DataLoader loader =
        DataLoader.of(Iris.load()).batchSize(7).shuffle(3).map(DataLoaderTest.NOISE).repeat(2);
    for (long epoch = 0; epoch < 2; epoch++) {
      var expected = DataLoaderTest.numbers(loader.epoch(epoch));
      for (int depth : new int[] {1, 2, 50}) {
        DataLoaderTest.assertSameBits(
            expected, DataLoaderTest.numbers(loader.prefetch(depth).epoch(epoch)));
      }
    }
  }

  @Test
  void nothingIsComputedBeforeTheFirstIsAskedFor() throws InterruptedException {
    Iterator<Batch> batches = DataLoader.of(counting).prefetch(DEPTH).iterator();
    assertTrue(batches.hasNext());
    Thread.sleep(20); // long enough for what must not come to come
    assertEquals(0, computed.get());
  }

  @Test
  void runsAheadButNeverFurtherThanTheDepth() throws InterruptedException {
    Iterator<Batch> batches = DataLoader.of(counting).batchSize(1).prefetch(DEPTH).iterator();
    for (int i = 1; i <= 20; i++) {
      assertEquals(i - 1, batches.next().x().toFloatArray()[0]);
      assertTrue(computed.get() <= i + DEPTH);
      if (i % 5 == 0) {
        int expected = i + DEPTH;
        await(() -> computed.get() == expected);
      }
    }
    Thread.sleep(50); // long enough for one that is too many
    assertEquals(20 + DEPTH, computed.get());
    assertTrue(threads.stream().allMatch(Thread::isVirtual));
    assertFalse(threads.contains(Thread.currentThread()));
  }

  @Test
  void thoseAheadAreComputedAtOnce() {
    // Nobody passes before all are there.
    CyclicBarrier all = new CyclicBarrier(1 + DEPTH);
    Dataset meeting =
        Dataset.of(
            1 + DEPTH,
            i -> {
              try {
                all.await(20, TimeUnit.SECONDS);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
              return Sample.of(Tensor.scalar(i));
            });

    Iterator<Batch> batches = DataLoader.of(meeting).batchSize(1).prefetch(DEPTH).iterator();

    for (int i = 0; i <= DEPTH; i++) {
      assertEquals(i, batches.next().x().toFloatArray()[0]);
    }
    assertFalse(batches.hasNext());
  }

  @Test
  void whoLeavesEarlyLeavesNoThread() throws InterruptedException {
    DataLoader loader = DataLoader.of(counting).batchSize(1).repeat().prefetch(DEPTH);
    for (int i = 0; i < 50; i++) {
      loader.epoch(i).next();
    }
    await(() -> computed.get() == 50 * (1 + DEPTH));
    await(() -> threads.stream().noneMatch(Thread::isAlive));
    Thread.sleep(20); // long enough for one that is too many
    assertEquals(50 * (1 + DEPTH), computed.get());
  }

  @Test
  void aBatchOutlivesTheScopeThatWasOpen() {
    Iterator<Batch> batches =
        DataLoader.of(DataLoaderTest.numbers(8)).batchSize(2).prefetch(2).iterator();
    Batch first;
    Batch second;
    try (var _ = Scope.open("step")) {
      first = batches.next();
      second = batches.next();
    }
    assertArrayEquals(new int[] {0, 1}, DataLoaderTest.ids(first));
    assertArrayEquals(new int[] {2, 3}, DataLoaderTest.ids(second));
    assertArrayEquals(new int[] {4, 5}, DataLoaderTest.ids(batches.next()));
  }

  @Test
  void anInterruptionLosesNoBatch() {
    CountDownLatch latch = new CountDownLatch(1);
    Dataset slow =
        Dataset.of(
            3,
            i -> {
              awaitUninterrupted(latch);
              return Sample.of(Tensor.scalar(i));
            });
    Iterator<Batch> batches = DataLoader.of(slow).batchSize(1).prefetch(1).epoch(5);

    Thread.currentThread().interrupt();
    BatchException e = assertThrows(BatchException.class, batches::next);
    assertTrue(Thread.interrupted());
    assertInstanceOf(InterruptedException.class, e.getCause());
    assertEquals(0, e.batch());
    assertEquals(5, e.epoch());

    latch.countDown();
    for (int i = 0; i < 3; i++) {
      assertEquals(i, batches.next().x().toFloatArray()[0]);
    }
    assertFalse(batches.hasNext());
  }

  @Test
  void aCacheAskedBySeveralThreadsAsksOnce() {
    Dataset cached = counting.take(64).cache();
    DataLoader loader =
        DataLoader.of(cached).batchSize(16).sampler(Sampler.withReplacement(640)).prefetch(8);
    for (Batch batch : loader) {
      assertEquals(16, batch.size());
    }
    for (Batch batch : loader.sampler(Sampler.sequential())) {
      assertEquals(16, batch.size());
    }
    assertEquals(64, computed.get());
  }

  @Test
  void whoWaitsForACacheStaysInterrupted() {
    Dataset cached = counting.cache();
    Thread.currentThread().interrupt();
    assertEquals(7, cached.get(7).x().item());
    assertTrue(Thread.interrupted());
  }
}
