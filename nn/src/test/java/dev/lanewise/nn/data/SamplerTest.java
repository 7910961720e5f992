package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SamplerTest {

  @Property(tries = 200)
  void everySampleOnce(
      @ForAll @IntRange(max = 300) int n,
      @ForAll long seed,
      @ForAll @IntRange(max = 99) int epoch) {
    int[] all = IntStream.range(0, n).toArray();
    assertArrayEquals(all, Sampler.sequential().indices(n, seed, epoch));
    int[] order = Sampler.random().indices(n, seed, epoch);
    assertArrayEquals(order, Sampler.random().indices(n, seed, epoch));
    assertArrayEquals(all, IntStream.of(order).sorted().toArray());
  }

  @Test
  void seedAndEpochDecide() {
    double[] weights = new double[100];
    Arrays.fill(weights, 1);
    for (Sampler sampler :
        List.of(
            Sampler.random(),
            Sampler.randomSubset(IntStream.range(0, 50).toArray()),
            Sampler.withReplacement(100),
            Sampler.weighted(weights, 100))) {
      int[] order = sampler.indices(100, 5, 0);
      assertEquals(sampler.count(100), order.length);
      assertArrayEquals(order, sampler.indices(100, 5, 0));
      assertFalse(Arrays.equals(order, sampler.indices(100, 5, 1)));
      assertFalse(Arrays.equals(order, sampler.indices(100, 6, 0)));
    }
  }

  @Test
  void aSubsetIsShuffled() {
    Sampler subset = Sampler.randomSubset(7, 3, 9, 3);
    assertEquals(4, subset.count(10));
    assertArrayEquals(
        new int[] {3, 3, 7, 9}, IntStream.of(subset.indices(10, 1, 2)).sorted().toArray());
  }

  /** 5 standard deviations of a count around its mean. */
  private static void assertFrequencies(double[] chances, int[] drawn) {
    int[] counts = new int[chances.length];
    for (int i : drawn) {
      counts[i]++;
    }
    double sum = Arrays.stream(chances).sum();
    for (int i = 0; i < counts.length; i++) {
      double p = chances[i] / sum;
      assertEquals(
          p * drawn.length, counts[i], 5 * Math.sqrt(drawn.length * p * (1 - p)), "sample " + i);
    }
  }

  @Test
  void weightsAreChances() {
    double[] weights = {0, 1, 0, 3, 6, 0};
    int[] drawn = Sampler.weighted(weights, 50_000).indices(6, 11, 0);
    assertFrequencies(weights, drawn);
    assertFrequencies(
        new double[] {1, 1, 1, 1, 1}, Sampler.withReplacement(50_000).indices(5, 1, 3));
    // One sample has all the chances, however small.
    assertTrue(
        Arrays.stream(Sampler.weighted(new double[] {0, 1e-300, 0}, 1000).indices(3, 1, 1))
            .allMatch(i -> i == 1));
  }

  @Test
  void emptyEpochs() {
    assertEquals(0, Sampler.random().indices(0, 1, 0).length);
    assertEquals(0, Sampler.withReplacement(5).indices(0, 1, 0).length);
    assertEquals(0, Sampler.withReplacement(5).count(0));
    assertEquals(0, Sampler.weighted(new double[] {1}, 0).indices(1, 1, 0).length);
  }

  @Test
  void wrongArguments() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    assertThrows(illegal, () -> Sampler.withReplacement(-1));
    assertThrows(illegal, () -> Sampler.weighted(new double[] {1}, -1));
    for (double[] wrong :
        new double[][] {{}, {0, 0}, {1, -1}, {Double.NaN}, {Double.POSITIVE_INFINITY, 1}}) {
      assertThrows(illegal, () -> Sampler.weighted(wrong, 1));
    }
    String message =
        assertThrows(illegal, () -> Sampler.weighted(new double[] {1, 2}, 1).indices(3, 0, 0))
            .getMessage();
    assertEquals("weighted: there are 2 weights for a data set of 3 samples", message);
  }
}
