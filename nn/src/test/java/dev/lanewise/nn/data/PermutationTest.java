package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PermutationTest {

  @Property(tries = 200)
  void holdsEachNumberOnce(@ForAll @IntRange(max = 2000) int n, @ForAll long seed) {
    int[] sorted = Permutation.of(n, seed);
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, n).toArray(), sorted);
  }

  /** The JDK's SplitMix64 and a shuffle written the other way about give the same order. */
  @Property(tries = 200)
  void isSplitMixAndFisherYates(@ForAll @IntRange(max = 300) int n, @ForAll long seed) {
    var random = new SplittableRandom(seed);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < n; i++) {
      BigInteger bits = new BigInteger(Long.toUnsignedString(random.nextLong()));
      int j = bits.multiply(BigInteger.valueOf(i + 1)).shiftRight(64).intValueExact();
      order.add(i);
      Collections.swap(order, i, j);
    }
    assertEquals(order, IntStream.of(Permutation.of(n, seed)).boxed().toList());
  }

  /** Written down once: an order that changed would change every split that someone reported. */
  @Test
  void isTheSameForEver() {
    assertArrayEquals(new int[] {4, 6, 1, 8, 2, 5, 9, 3, 0, 7}, Permutation.of(10, 42));
  }

  /** 24 orders of 4; 240,000 seeds: each is expected 10,000 times, with a deviation of 98. */
  @Test
  void everyOrderIsEquallyLikely() {
    int[] counts = new int[256];
    for (int seed = 0; seed < 240_000; seed++) {
      int[] order = Permutation.of(4, seed);
      counts[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    int[] seen = IntStream.of(counts).filter(count -> count > 0).toArray();
    assertEquals(24, seen.length);
    for (int count : seen) {
      assertEquals(10_000, count, 500); // 5 deviations
    }
  }
}
