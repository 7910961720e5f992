package dev.lanewise.nn.internal;

import dev.lanewise.kernel.Philox;

/** The order in which an epoch goes through the examples: a function of seed and epoch alone. */
public final class Shuffle {
  /** Far from the streams that weights are drawn from, which count from 0. */
  private static final long FIRST_STREAM = Long.MIN_VALUE;

  private Shuffle() {}

  /**
   * {@return the stream of random numbers of an epoch}
   *
   * @param epoch which, from 0
   */
  public static long stream(long epoch) {
    return FIRST_STREAM + epoch;
  }

  /**
   * Writes a permutation of 0 to {@code n − 1}.
   *
   * @param order receives it; its length is n
   * @param seed which permutations
   * @param epoch which of them, from 0
   */
  public static void permute(int[] order, long seed, long epoch) {
    new Philox(seed).permute(order, stream(epoch));
  }
}
