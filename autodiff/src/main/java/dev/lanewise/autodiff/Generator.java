package dev.lanewise.autodiff;

import dev.lanewise.kernel.Philox;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A source of random numbers: a seed, and how many streams of it have been used. Each tensor filled
 * takes the next stream of {@link Philox}, so that the same calls in the same order give the same
 * numbers, with any number of threads.
 *
 * {@snippet :
 * Generator g = new Generator(42);
 * Tensor weights = Tensor.randomNormal(g, Shape.of(784, 128));
 * Generator later = new Generator(g.seed(), g.position());   // goes on where g is now
 * }
 */
public final class Generator {
  private final long seed;
  private long position;

  /**
   * Starts at the first stream.
   *
   * @param seed any number; different seeds give unrelated numbers
   */
  public Generator(long seed) {
    this(seed, 0);
  }

  /**
   * Starts at a stream: the state of another generator.
   *
   * @param seed its {@link #seed}
   * @param position its {@link #position}
   */
  public Generator(long seed, long position) {
    this.seed = seed;
    this.position = position;
  }

  /** {@return the seed} */
  public long seed() {
    return seed;
  }

  /** {@return the number of streams taken; the next stream's number} */
  public synchronized long position() {
    return position;
  }

  /**
   * Goes to a stream, which is the next to be taken: what follows is what followed when the
   * generator was there before.
   *
   * @param position what {@link #position} was
   */
  public synchronized void seek(long position) {
    this.position = position;
  }

  /**
   * {@return the number of a stream that nobody else gets from this generator} Where a {@link
   * Checkpoint} computes again, it is the number of the first time.
   */
  public long nextStream() {
    Draws draws = Grad.mode().draws;
    return draws == null ? take() : draws.take(this);
  }

  synchronized long take() {
    ToLongFunction<Generator> source = Grad.mode().streams;
    return source == null ? position++ : source.applyAsLong(this);
  }

  /**
   * {@return what work returns, in which somebody else numbers the streams that generators give} So
   * a graph learns which random numbers are drawn; the generators stay where they are.
   *
   * @param source gives a number for the next stream of a generator
   * @param work takes streams, on the calling thread
   * @param <T> what it returns
   */
  public static <T> T redirected(ToLongFunction<Generator> source, Supplier<T> work) {
    Grad.Mode mode = Grad.mode();
    ToLongFunction<Generator> outer = mode.streams;
    mode.streams = source;
    try {
      return work.get();
    } finally {
      mode.streams = outer;
    }
  }

  /**
   * {@return the numbers 0 to {@code n - 1} in random order, made of the next stream}
   *
   * {@snippet :
   * for (int i : generator.permutation(examples)) {
   *   learn(samples.at(i));
   * }
   * }
   *
   * @param n how many, at least 0
   * @throws IllegalArgumentException if n is less than 0
   */
  public int[] permutation(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("permutation: n must be at least 0, not " + n);
    }
    if (Grad.mode().streams != null) {
      throw new IllegalStateException(
          "permutation: its numbers are part of the program, not of a graph, and would be the same"
              + " in every run; give the order to the graph as an input");
    }
    int[] order = new int[n];
    new Philox(seed).permute(order, nextStream());
    return order;
  }

  /** {@return seed and position} */
  @Override
  public String toString() {
    return "Generator(seed " + seed + ", position " + position() + ")";
  }
}
