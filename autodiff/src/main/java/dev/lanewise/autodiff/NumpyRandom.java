package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * The random numbers of NumPy's {@code numpy.random.seed(s)} and {@code RandomState(s)}: the same
 * seed and the same calls in the same order give the same numbers, so that data made by a Python
 * program can be made again. For everything else {@link Generator} is the better source.
 *
 * {@snippet :
 * NumpyRandom random = new NumpyRandom(13);                        // np.random.seed(13)
 * Tensor x = Tensor.linspace(Backends.best(), DType.F64, 0, 3, 120);
 * Tensor noise = random.randn(120).mul(0.5);                       // 0.5 * np.random.randn(120)
 * int[] order = random.permutation(120);                           // np.random.permutation(120)
 * }
 *
 * <p>The generator is the Mersenne Twister MT19937 (Matsumoto and Nishimura, "Mersenne Twister: a
 * 623-dimensionally equidistributed uniform pseudo-random number generator", ACM TOMACS 8, 1998);
 * normal numbers are made by Marsaglia's polar method, two at a time, of which the second waits for
 * the next call. They may differ from NumPy's in the last bit, as logarithms do between C
 * libraries. Tensors are f64 or i64, as NumPy's arrays are, on {@link
 * dev.lanewise.kernel.Backends#best}.
 *
 * <p>An object belongs to one thread at a time.
 */
public final class NumpyRandom {
  private static final int WORDS = 624;
  private static final int APART = 397;
  private static final long MAX_UNSIGNED = 0xFFFFFFFFL;

  private final int[] state = new int[WORDS];
  private int next = WORDS;

  /** The second number of a pair of normal ones; NaN if there is none. */
  private double waiting = Double.NaN;

  /**
   * Starts the stream of a seed.
   *
   * @param seed from 0 to 2³²−1
   * @throws IllegalArgumentException if it is outside that range
   */
  public NumpyRandom(long seed) {
    if (seed < 0 || seed > MAX_UNSIGNED) {
      throw new IllegalArgumentException(
          "NumpyRandom: seed " + seed + " is not from 0 to 4294967295, as NumPy's must be");
    }
    state[0] = (int) seed;
    for (int i = 1; i < WORDS; i++) {
      int before = state[i - 1];
      state[i] = 1812433253 * (before ^ before >>> 30) + i;
    }
  }

  /** {@return the next 32 random bits} */
  public int nextInt() {
    if (next == WORDS) {
      twist();
    }
    int word = state[next++];
    word ^= word >>> 11;
    word ^= word << 7 & 0x9d2c5680;
    word ^= word << 15 & 0xefc60000;
    return word ^ word >>> 18;
  }

  private void twist() {
    for (int i = 0; i < WORDS; i++) {
      int mixed = state[i] & 0x80000000 | state[(i + 1) % WORDS] & 0x7fffffff;
      int half = mixed >>> 1 ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
      state[i] = state[(i + APART) % WORDS] ^ half;
    }
    next = 0;
  }

  /** {@return the next number, evenly over [0, 1): {@code random_sample()}} */
  public double nextDouble() {
    long high = (nextInt() & MAX_UNSIGNED) >>> 5;
    long low = (nextInt() & MAX_UNSIGNED) >>> 6;
    return (high << 26 | low) * 0x1p-53;
  }

  /** {@return the next normal number, of mean 0 and standard deviation 1: {@code randn()}} */
  public double nextGaussian() {
    if (!Double.isNaN(waiting)) {
      double second = waiting;
      waiting = Double.NaN;
      return second;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * nextDouble() - 1;
      y = 2 * nextDouble() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    // StrictMath: the same numbers on every JVM.
    double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
    waiting = factor * x;
    return factor * y;
  }

  /**
   * {@return numbers evenly over [0, 1): {@code random_sample(dims)} and {@code rand(*dims)}}
   *
   * @param dims the extents; none for a scalar
   */
  public Tensor randomSample(int... dims) {
    return uniform(0, 1, dims);
  }

  /**
   * {@return numbers evenly between two bounds: {@code uniform(low, high, dims)}}
   *
   * @param low the lower bound, included
   * @param high the upper bound
   * @param dims the extents; none for a scalar
   */
  public Tensor uniform(double low, double high, int... dims) {
    double[] values = new double[count("uniform", dims)];
    double range = high - low;
    for (int i = 0; i < values.length; i++) {
      values[i] = low + range * nextDouble();
    }
    return Tensor.of(values).reshape(Shape.of(dims));
  }

  /**
   * {@return normal numbers of mean 0 and standard deviation 1: {@code randn(*dims)}}
   *
   * @param dims the extents; none for a scalar
   */
  public Tensor randn(int... dims) {
    return normal(0, 1, dims);
  }

  /**
   * {@return normal numbers: {@code normal(mean, std, dims)}}
   *
   * @param mean their mean
   * @param std their standard deviation, at least 0
   * @param dims the extents; none for a scalar
   * @throws IllegalArgumentException if {@code std} is less than 0
   */
  public Tensor normal(double mean, double std, int... dims) {
    if (!(std >= 0)) {
      throw new IllegalArgumentException("normal: std must be at least 0, not " + std);
    }
    double[] values = new double[count("normal", dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + std * nextGaussian();
    }
    return Tensor.of(values).reshape(Shape.of(dims));
  }

  /**
   * {@return integers evenly between two bounds, as {@link dev.lanewise.array.DType#I64}: {@code
   * randint(low, high, dims)} with NumPy's 64-bit integers}
   *
   * @param low the lower bound, included
   * @param high the upper bound, not included
   * @param dims the extents; none for a scalar
   * @throws IllegalArgumentException unless {@code low < high}
   */
  public Tensor randint(long low, long high, int... dims) {
    if (low >= high) {
      throw new IllegalArgumentException(
          "randint: no integer is at least " + low + " and less than " + high);
    }
    long[] values = new long[count("randint", dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = low + upTo(high - 1 - low);
    }
    return Tensor.of(values).reshape(Shape.of(dims));
  }

  /**
   * {@return the numbers 0 to {@code n - 1} in random order: {@code permutation(n)}}
   *
   * @param n how many, at least 0
   * @throws IllegalArgumentException if n is less than 0
   */
  public int[] permutation(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("permutation: n must be at least 0, not " + n);
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    shuffle(order);
    return order;
  }

  /**
   * Brings numbers into random order: {@code shuffle(values)}.
   *
   * @param values they change their places
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = (int) upTo(i);
      int moved = values[i];
      values[i] = values[j];
      values[j] = moved;
    }
  }

  /** {@return a number from 0 to {@code last}, unsigned} As many bits as it has, until one fits. */
  private long upTo(long last) {
    if (last == 0) {
      return 0; // takes no random number
    }
    long mask = -1L >>> Long.numberOfLeadingZeros(last);
    boolean isWide = Long.compareUnsigned(last, MAX_UNSIGNED) > 0;
    long value;
    do {
      value = nextInt() & MAX_UNSIGNED;
      if (isWide) {
        value = value << 32 | nextInt() & MAX_UNSIGNED;
      }
      value &= mask;
    } while (Long.compareUnsigned(value, last) > 0);
    return value;
  }

  private static int count(String operation, int[] dims) {
    Shape shape = Shape.of(dims);
    if (shape.size() > Integer.MAX_VALUE - 8) {
      throw new ShapeException(operation + ": shape " + shape + " does not fit one Java array");
    }
    return (int) shape.size();
  }
}
