package dev.lanewise.cuda;

/** How many threads are started for how much work. */
final class Grid {
  /** Of loops that a block has no part in as a whole. */
  static final int THREADS = 256;

  /** Two rounds of as many threads as a multiprocessor holds, so that none waits at the end. */
  private static final int BLOCKS_OF_MULTIPROCESSOR = 16;

  private Grid() {}

  /**
   * {@return how many blocks of {@link #THREADS} run through a loop, each thread from its own
   * number on in steps of all threads: neighbours read side by side}
   *
   * @param steps the loop's steps
   * @param multiprocessors what the device has
   */
  static long blocks(long steps, int multiprocessors) {
    return Math.min(
        Math.ceilDiv(steps, THREADS), (long) multiprocessors * BLOCKS_OF_MULTIPROCESSOR);
  }
}
