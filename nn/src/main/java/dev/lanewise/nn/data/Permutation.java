package dev.lanewise.nn.data;

/**
 * A seeded shuffle that is the same on every JVM, now and later.
 *
 * <p>The JDK fixes the numbers of its seeded generators, but not how all of them map to a bounded
 * range, so both steps are written out here: SplitMix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014) and the shuffle of Fisher and Yates.
 */
final class Permutation {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  private Permutation(long seed) {
    state = seed;
  }

  /** {@return the numbers 0 to {@code n - 1} in an order that depends on the seed alone} */
  static int[] of(int n, long seed) {
    var random = new Permutation(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** A number from 0 to {@code bound - 1}; no value is favoured by more than 1 part in 2^33. */
  private int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  private long next() {
    state += GOLDEN_GAMMA;
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
