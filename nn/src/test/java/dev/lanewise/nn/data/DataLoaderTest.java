package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
  /** Sample i is the number i, its own class. */
  static Dataset numbers(int n) {
    Tensor ids = Tensor.of(IntStream.range(0, n).toArray());
    return Dataset.of(ids, ids);
  }

  static int[] ids(Batch batch) {
    return Arrays.stream(batch.x().toLongArray()).mapToInt(Math::toIntExact).toArray();
  }

  static List<List<Integer>> ids(Iterator<Batch> batches) {
    List<List<Integer>> ids = new ArrayList<>();
    batches.forEachRemaining(b -> ids.add(IntStream.of(ids(b)).boxed().toList()));
    return ids;
  }

  private static List<Integer> flat(Iterator<Batch> batches) {
    return ids(batches).stream().flatMap(List::stream).toList();
  }

  /** Adds a random number to every sample, of which it takes two streams. */
  static final BatchTransform NOISE =
      (batch, random) -> {
        Tensor first = Tensor.randomNormal(random, batch.x().shape());
        Tensor second = Tensor.randomNormal(random, batch.x().shape());
        return Batch.of(first.add(second), batch.y());
      };

  static List<float[]> numbers(Iterator<Batch> batches) {
    List<float[]> numbers = new ArrayList<>();
    batches.forEachRemaining(b -> numbers.add(b.x().toFloatArray()));
    return numbers;
  }

  static void assertSameBits(List<float[]> expected, List<float[]> actual) {
    assertFalse(expected.isEmpty());
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  @Property(tries = 200)
  void anEpochHasEverySampleOnceInBatchesOfOneSize(
      @ForAll @IntRange(max = 60) int n,
      @ForAll @IntRange(min = 1, max = 70) int size,
      @ForAll @IntRange(max = 5) int epoch,
      @ForAll long seed,
      @ForAll boolean drop) {
    DataLoader loader = DataLoader.of(numbers(n)).batchSize(size).dropLast(drop).shuffle(seed);

    List<List<Integer>> batches = ids(loader.epoch(epoch));

    int expected = drop ? n / size : (n + size - 1) / size;
    assertEquals(OptionalLong.of(expected), loader.steps());
    assertEquals(expected, batches.size());
    for (int i = 0; i < batches.size(); i++) {
      assertEquals(Math.min(size, n - i * size), batches.get(i).size());
    }
    List<Integer> all = flat(loader.epoch(epoch));
    assertEquals(drop ? n / size * size : n, all.size());
    assertEquals(all.size(), all.stream().distinct().count());
    assertTrue(all.stream().allMatch(i -> i >= 0 && i < n));
  }

  @Test
  void theOrderIsThatOfTheData() {
    DataLoader loader = DataLoader.of(numbers(5)).batchSize(2);

    List<List<Integer>> expected = List.of(List.of(0, 1), List.of(2, 3), List.of(4));
    assertEquals(expected, ids(loader.iterator()));
    assertEquals(expected, ids(loader.epoch(7)));
    int batches = 0;
    for (Batch batch : loader) {
      assertArrayEquals(batch.x().toLongArray(), batch.y().toLongArray());
      batches++;
    }
    assertEquals(3, batches);
  }

  @Test
  void seedAndEpochDecideAboutTheOrder() {
    DataLoader loader = DataLoader.of(numbers(50)).batchSize(8).shuffle(1);

    assertEquals(flat(loader.epoch(3)), flat(loader.epoch(3)));
    assertEquals(flat(loader.iterator()), flat(loader.epoch(0)));
    assertNotEquals(flat(loader.epoch(3)), flat(loader.epoch(4)));
    assertNotEquals(flat(loader.epoch(3)), flat(loader.shuffle(2).epoch(3)));
    assertEquals(flat(loader.shuffle(2).epoch(3)), flat(loader.seed(2).epoch(3)));
  }

  @Test
  void settingsAreOfTheChangedLoaderAlone() {
    DataLoader plain = DataLoader.of(numbers(5));
    plain.batchSize(1).shuffle(3).dropLast(true).prefetch(2).take(1).map((_, _) -> null);

    assertEquals(32, plain.batchSize());
    assertEquals(0, plain.prefetch());
    assertEquals(List.of(List.of(0, 1, 2, 3, 4)), ids(plain.iterator()));
    assertEquals("DataLoader(5 samples in batches of 32)", plain.toString());
    assertEquals(5, plain.dataset().size());
  }

  @Test
  void batchesAreTakenSkippedAndRepeatedInTheOrderOfTheCalls() {
    DataLoader loader = DataLoader.of(numbers(6)).batchSize(2);

    assertEquals(List.of(0, 1, 2, 3), flat(loader.take(2).iterator()));
    assertEquals(List.of(4, 5), flat(loader.skip(2).iterator()));
    assertEquals(List.of(2, 3), flat(loader.skip(1).take(1).iterator()));
    assertEquals(List.of(2, 3), flat(loader.take(2).skip(1).iterator()));
    assertEquals(List.of(0, 1, 0, 1), flat(loader.take(1).repeat(2).iterator()));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 0, 1), flat(loader.repeat().take(4).iterator()));
    assertEquals(List.of(4, 5, 0, 1), flat(loader.repeat(3).skip(2).take(2).iterator()));
    assertEquals(List.of(), flat(loader.skip(4).iterator()));
    assertEquals(List.of(), flat(loader.take(0).repeat().iterator()));
    assertEquals(6, flat(loader.take(99).iterator()).size());
    assertEquals(OptionalLong.of(6), loader.repeat(2).steps());
    assertEquals(OptionalLong.of(5), loader.repeat(2).skip(1).steps());
    assertEquals(OptionalLong.empty(), loader.repeat().steps());
    assertEquals(OptionalLong.empty(), loader.repeat().skip(5).repeat(2).steps());
    assertEquals(OptionalLong.of(0), DataLoader.of(numbers(0)).repeat().steps());
    assertFalse(DataLoader.of(numbers(0)).repeat().iterator().hasNext());
    Iterator<Batch> endless = loader.repeat().iterator();
    for (int i = 0; i < 1000; i++) {
      assertEquals(2 * (i % 3), ids(endless.next())[0]);
    }
  }

  @Test
  void everyPassIsShuffledAnew() {
    DataLoader loader = DataLoader.of(numbers(20)).batchSize(5).shuffle(4);

    List<Integer> twice = new ArrayList<>(flat(loader.epoch(2)));
    twice.addAll(flat(loader.epoch(3)));
    assertEquals(twice, flat(loader.repeat(2).epoch(1)));
    assertEquals(flat(loader.epoch(1)), flat(loader.repeat().skip(4).take(4).iterator()));
    List<Integer> first = flat(loader.repeat().take(8).epoch(0));
    assertNotEquals(first, flat(loader.repeat().take(8).epoch(1)));
    assertNotEquals(first.subList(0, 20), first.subList(20, 40));
  }

  @Test
  void samplersNameTheSamples() {
    DataLoader loader = DataLoader.of(numbers(10)).batchSize(3);

    Sampler backwards = (size, _, _) -> IntStream.range(0, size).map(i -> size - 1 - i).toArray();
    assertEquals(List.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0), flat(loader.sampler(backwards).iterator()));
    DataLoader subset = loader.sampler(Sampler.randomSubset(1, 2, 3, 4)).seed(5);
    assertEquals(OptionalLong.of(2), subset.steps());
    assertEquals(List.of(1, 2, 3, 4), flat(subset.iterator()).stream().sorted().toList());
    double[] weights = {0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    assertEquals(
        List.of(2, 2, 2, 2), flat(loader.sampler(Sampler.weighted(weights, 4)).iterator()));
    assertEquals(7, flat(loader.sampler(Sampler.withReplacement(7)).iterator()).size());
  }

  @Test
  void aSamplerThatNamesOtherSamplesIsRefused() {
    DataLoader loader = DataLoader.of(numbers(3)).batchSize(2);
    for (int depth : new int[] {0, 2}) {
      DataLoader few = loader.sampler((_, _, _) -> new int[] {1}).prefetch(depth);
      BatchException e = assertThrows(BatchException.class, () -> few.iterator().next());
      assertTrue(e.getMessage().contains("3 samples were promised"), e.getMessage());
      DataLoader outside = loader.sampler((_, _, _) -> new int[] {0, 1, 3}).prefetch(depth);
      e = assertThrows(BatchException.class, () -> outside.iterator().next());
      assertTrue(e.getMessage().contains("sample 3 of a data set of 3"), e.getMessage());
      // What fails in the second pass leaves the first alone.
      DataLoader late =
          loader
              .sampler((_, _, epoch) -> epoch == 0 ? new int[] {2, 1, 0} : new int[0])
              .repeat(2)
              .prefetch(depth);
      Iterator<Batch> batches = late.iterator();
      assertArrayEquals(new int[] {2, 1}, ids(batches.next()));
      assertArrayEquals(new int[] {0}, ids(batches.next()));
      assertEquals(2, assertThrows(BatchException.class, batches::next).batch());
    }
  }

  @Test
  void transformsFollowEachOther() {
    DataLoader loader =
        DataLoader.of(numbers(3))
            .map((b, _) -> Batch.of(b.x().add(Tensor.of(new int[] {10, 10, 10})), b.y()))
            .map((b, _) -> Batch.of(b.x().mul(b.x()), b.y()));

    assertEquals(List.of(100, 121, 144), flat(loader.iterator()));
  }

  @Test
  void randomNumbersAreThoseOfSeedEpochAndBatch() {
    DataLoader loader = DataLoader.of(numbers(12)).batchSize(4).shuffle(1).map(NOISE);
    List<float[]> first = numbers(loader.epoch(1));

    assertSameBits(first, numbers(loader.epoch(1)));
    assertSameBits(first.subList(2, 3), numbers(loader.skip(2).epoch(1)));
    assertSameBits(first, numbers(loader.repeat().skip(3).take(3).epoch(0)));
    assertFalse(Arrays.equals(first.get(0), first.get(1)));
    assertFalse(Arrays.equals(first.get(0), numbers(loader.epoch(2)).get(0)));
    assertFalse(Arrays.equals(first.get(0), numbers(loader.seed(2).epoch(1)).get(0)));
  }

  @Test
  void nothingIsRecorded() {
    Tensor factor = Tensor.scalar(3).requiresGrad(true);
    DataLoader loader =
        DataLoader.of(Iris.load()).map((b, _) -> Batch.of(b.x().mul(factor), b.y()));
    for (int depth : new int[] {0, 1}) {
      assertFalse(loader.prefetch(depth).iterator().next().x().requiresGrad());
    }
    assertTrue(factor.mul(2).requiresGrad());
  }

  @Test
  void withoutPrefetchABatchBelongsToTheScopeItIsAskedForIn() {
    Iterator<Batch> batches = DataLoader.of(numbers(4)).batchSize(2).iterator();
    Batch outside = batches.next();
    Batch inside;
    try (var _ = Scope.open("step")) {
      inside = batches.next();
    }
    assertArrayEquals(new int[] {0, 1}, ids(outside));
    assertThrows(IllegalStateException.class, () -> ids(inside));
  }

  @Test
  void failuresNameTheBatch() {
    RuntimeException failure = new UnsupportedOperationException("no such file");
    Dataset data =
        Dataset.of(
            8,
            i -> {
              if (i == 5) {
                throw failure;
              }
              return Sample.of(Tensor.scalar(i));
            });
    for (int depth : new int[] {0, 1, 3}) {
      Iterator<Batch> batches = DataLoader.of(data).batchSize(2).prefetch(depth).epoch(4);
      assertArrayEquals(new int[] {0, 1}, ids(batches.next()));
      batches.next();
      BatchException e = assertThrows(BatchException.class, batches::next);
      assertSame(failure, e.getCause());
      assertEquals(4, e.epoch());
      assertEquals(2, e.batch());
      assertEquals(
          "batch 2 of epoch 4: java.lang.UnsupportedOperationException: no such file",
          e.getMessage());
      assertArrayEquals(new int[] {6, 7}, ids(batches.next()));
      assertFalse(batches.hasNext());
      assertThrows(NoSuchElementException.class, batches::next);
    }
  }

  @Test
  void errorsPassAndNullIsNoBatch() {
    DataLoader loader = DataLoader.of(numbers(4));
    for (int depth : new int[] {0, 1}) {
      AssertionError error = new AssertionError("broken");
      DataLoader broken =
          loader
              .prefetch(depth)
              .map(
                  (_, _) -> {
                    throw error;
                  });
      assertSame(error, assertThrows(AssertionError.class, () -> broken.iterator().next()));
      DataLoader none = loader.prefetch(depth).map((_, _) -> null);
      BatchException e = assertThrows(BatchException.class, () -> none.iterator().next());
      assertTrue(e.getMessage().contains("a transform gave no batch"), e.getMessage());
    }
  }

  @Test
  void wrongArguments() {
    DataLoader loader = DataLoader.of(numbers(4));
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    assertEquals(
        "DataLoader: batchSize must be at least 1, not 0",
        assertThrows(illegal, () -> loader.batchSize(0)).getMessage());
    assertEquals(
        "DataLoader: prefetch must be at least 0, not -1",
        assertThrows(illegal, () -> loader.prefetch(-1)).getMessage());
    assertThrows(illegal, () -> loader.take(-1));
    assertThrows(illegal, () -> loader.skip(-1));
    assertThrows(illegal, () -> loader.repeat(0));
    assertThrows(illegal, () -> loader.epoch(-1));
    assertThrows(NullPointerException.class, () -> loader.sampler(null));
    assertThrows(NullPointerException.class, () -> loader.map(null));
    assertThrows(NullPointerException.class, () -> DataLoader.of((Dataset) null));
  }
}
