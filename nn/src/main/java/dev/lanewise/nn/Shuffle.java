package dev.lanewise.nn;

import dev.lanewise.kernel.Philox;

/** The order in which an epoch goes through the examples: a function of seed and epoch alone. */
final class Shuffle {
  /** Far from the streams that weights are drawn from, which count from 0. */
  private static final long FIRST_STREAM = Long.MIN_VALUE;

  private Shuffle() {}

  /**
   * Writes a permutation of 0 to {@code n − 1}.
   *
   * @param order receives it; its length is n
   * @param seed which permutations
   * @param epoch which of them, from 0
   */
  static void permute(int[] order, long seed, long epoch) {
    new Philox(seed).permute(order, FIRST_STREAM + epoch);
  }
}
