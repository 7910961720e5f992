package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.lanewise.nn.data.Sampler;
import dev.lanewise.nn.internal.Shuffle;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShuffleTest {
  private static int[] order(int n, long seed, long epoch) {
    int[] order = new int[n];
    Shuffle.permute(order, seed, epoch);
    return order;
  }

  @Property
  void everyExampleComesOnce(
      @ForAll @IntRange(max = 300) int n, @ForAll long seed, @ForAll @IntRange(max = 99) int e) {
    int[] order = order(n, seed, e);
    assertArrayEquals(order, order(n, seed, e));
    Arrays.sort(order);
    assertArrayEquals(IntStream.range(0, n).toArray(), order);
  }

  @Test
  void seedAndEpochDecide() {
    int[] order = order(100, 5, 0);
    assertFalse(Arrays.equals(order, order(100, 5, 1)));
    assertFalse(Arrays.equals(order, order(100, 6, 0)));
  }

  @Test
  void theOrderIsTheSameForEver() {
    assertEquals("[9, 2, 0, 8, 5, 6, 4, 7, 3, 1]", Arrays.toString(order(10, 42, 3)));
  }

  @Test
  void aShuffledLoaderGoesTheSameWay() {
    for (int epoch = 0; epoch < 3; epoch++) {
      assertArrayEquals(order(100, 5, epoch), Sampler.random().indices(100, 5, epoch));
    }
  }

  /** Each of the 24 orders of 4 should come 1,000 times in 24,000; 5 sigma are 155. */
  @Test
  void noOrderIsFavoured() {
    int[] counts = new int[256];
    for (int epoch = 0; epoch < 24_000; epoch++) {
      int[] o = order(4, 1, epoch);
      counts[o[0] << 6 | o[1] << 4 | o[2] << 2 | o[3]]++;
    }
    int[] met = Arrays.stream(counts).filter(c -> c > 0).toArray();
    assertEquals(24, met.length);
    for (int count : met) {
      assertEquals(1000, count, 155);
    }
  }
}
