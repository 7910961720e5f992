package dev.lanewise.kernel;

/**
 * The counter-based random number generator Philox4x32-10 (Salmon et al., "Parallel Random Numbers:
 * As Easy as 1, 2, 3", SC 2011). A number depends on seed and position alone: any part of a stream
 * can be computed at once, in any order, on any number of threads.
 */
public final class Philox {
  /** How often a counter's words are mixed. */
  public static final int ROUNDS = 10;

  /** The factor of word 0 in each round. */
  public static final long M0 = 0xD2511F53L;

  /** The factor of word 2 in each round. */
  public static final long M1 = 0xCD9E8D57L;

  /** What the key's lower half grows by from round to round. */
  public static final int W0 = 0x9E3779B9;

  /** What the key's upper half grows by from round to round. */
  public static final int W1 = 0xBB67AE85;

  private final int key0;
  private final int key1;
  private int x0;
  private int x1;
  private int x2;
  private int x3;

  /**
   * Makes the generator of a seed.
   *
   * @param seed any number; different seeds give unrelated streams
   */
  public Philox(long seed) {
    this.key0 = (int) seed;
    this.key1 = (int) (seed >>> 32);
  }

  /**
   * Computes the four 32-bit words of a counter; {@link #word} reads them.
   *
   * @param counter the low 64 bits of the counter
   * @param stream the high 64 bits
   */
  public void block(long counter, long stream) {
    int c0 = (int) counter;
    int c1 = (int) (counter >>> 32);
    int c2 = (int) stream;
    int c3 = (int) (stream >>> 32);
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * (c0 & 0xFFFFFFFFL);
      long p1 = M1 * (c2 & 0xFFFFFFFFL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    x0 = c0;
    x1 = c1;
    x2 = c2;
    x3 = c3;
  }

  /**
   * {@return one of the four words of the last {@link #block}}
   *
   * @param i from 0 to 3
   */
  public int word(int i) {
    return switch (i) {
      case 0 -> x0;
      case 1 -> x1;
      case 2 -> x2;
      case 3 -> x3;
      default -> throw new IllegalArgumentException("word: " + i + " is not from 0 to 3");
    };
  }

  /**
   * {@return the number at a position of a stream}
   *
   * @param distribution how the numbers are spread
   * @param stream which of the seed's streams
   * @param position the place in the stream, from 0
   * @param single whether the number is for a 32-bit float
   */
  public double sample(Distribution distribution, long stream, long position, boolean single) {
    // Two numbers to a block: each has 64 random bits, as a 64-bit normal needs.
    block(position >>> 1, stream);
    boolean odd = (position & 1) != 0;
    return switch (distribution) {
      case UNIFORM -> single ? (word(odd ? 2 : 0) >>> 8) * 0x1p-24 : uniform(words(odd ? 2 : 0));
      case NORMAL -> normal(odd);
    };
  }

  /**
   * Writes a permutation of 0 to {@code n − 1}, by the shuffle of Fisher and Yates.
   *
   * @param order receives it; its length is n
   * @param stream which of the seed's streams
   */
  public void permute(int[] order, long stream) {
    for (int i = 0; i < order.length; i++) {
      if ((i & 3) == 0) {
        block(i >>> 2, stream);
      }
      // The upper half of a 32 by 32 bit product: no place is favoured by more than n in 2^32.
      int j = (int) ((word(i & 3) & 0xFFFFFFFFL) * (i + 1) >>> 32);
      order[i] = order[j];
      order[j] = i;
    }
  }

  private double normal(boolean isSecond) {
    double radius = BoxMuller.radius(uniform(words(0)));
    return radius * BoxMuller.direction(uniform(words(2)), isSecond);
  }

  private long words(int first) {
    return (long) word(first) << 32 | word(first + 1) & 0xFFFFFFFFL;
  }

  /**
   * {@return the 64-bit number of [0, 1) that 64 random bits make}
   *
   * @param bits two words of a block, the first in the upper half
   */
  public static double uniform(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }
}
