package dev.lanewise.nn;

import dev.lanewise.kernel.Philox;

/** The order in which an epoch goes through the examples: a function of seed and epoch alone. */
final class Shuffle {
  /** Far from the streams that weights are drawn from, which count from 0. */
  private static final long FIRST_STREAM = Long.MIN_VALUE;

  private Shuffle() {}

  /**
   * Writes a permutation of 0 to {@code n − 1}, by the shuffle of Fisher and Yates.
   *
   * @param order receives it; its length is n
   * @param seed which permutations
   * @param epoch which of them, from 0
   */
  static void permute(int[] order, long seed, long epoch) {
    Philox random = new Philox(seed);
    for (int i = 0; i < order.length; i++) {
      if ((i & 3) == 0) {
        random.block(i >>> 2, FIRST_STREAM + epoch);
      }
      // The upper half of a 32 by 32 bit product: no place is favoured by more than n in 2^32.
      int j = (int) ((random.word(i & 3) & 0xFFFFFFFFL) * (i + 1) >>> 32);
      order[i] = order[j];
      order[j] = i;
    }
  }
}
