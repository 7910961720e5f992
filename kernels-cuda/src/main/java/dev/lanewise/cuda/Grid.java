package dev.lanewise.cuda;

/** How many threads are started for how much work. */
final class Grid {
  /** Of loops that a block has no part in as a whole. */
  static final int THREADS = 256;

  /** Two rounds of as many threads as a multiprocessor holds, so that none waits at the end. */
  private static final int BLOCKS_OF_MULTIPROCESSOR = 16;

  /** So many lines occupy a device with a thread each. */
  static final long MANY_LINES = 16_384;

  /** Shorter lines leave most of a block's threads without work. */
  private static final int SHORT_LINE = 64;

  private Grid() {}

  /**
   * {@return whether a block is to share each of some lines, rather than a thread follow it}
   *
   * @param lines how many lines there are
   * @param length how many elements each has
   */
  static boolean isBlockPerLine(long lines, long length) {
    return length > SHORT_LINE && lines < MANY_LINES;
  }

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
