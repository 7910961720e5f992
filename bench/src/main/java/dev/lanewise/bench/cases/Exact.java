package dev.lanewise.bench.cases;

import dev.lanewise.bench.WrongAnswerException;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The exact answer of a case, computed in {@code double} by the definition, element by element.
 *
 * @param size how many numbers the answer has
 * @param termsOfOne how many steps one element takes; long ones are sampled thinly
 * @param elements gives an element by its index
 */
public record Exact(int size, long termsOfOne, Elements elements) {
  private static final int EDGE = 32;
  private static final long MOST_TERMS = 20_000_000;

  /** Gives exact elements. */
  @FunctionalInterface
  public interface Elements {
    /**
     * {@return an element}
     *
     * @param index which, in row-major order
     */
    Element at(int index);
  }

  /**
   * An exact number.
   *
   * @param value the number
   * @param bound how far off a kernel may be
   */
  public record Element(double value, double bound) {
    /**
     * {@return a sum, with the classical bound of rounded terms in any order (Higham, Accuracy and
     * Stability of Numerical Algorithms, section 3.1), and some roundings more for transforms}
     *
     * @param sum the sum
     * @param magnitudes the sum of the absolute terms
     * @param terms how many there are
     * @param unit half the distance from 1 to the next number of the type
     */
    public static Element sum(double sum, double magnitudes, long terms, double unit) {
      return new Element(sum, (terms + 32) * unit * magnitudes);
    }
  }

  /**
   * Compares an answer with this one: all of it where that is quick, else both ends and a sample.
   *
   * @param what who computed, for the error's text
   * @param kernel has the answer
   * @throws WrongAnswerException if an element is out of its bound
   */
  public void check(String what, Kernel kernel) {
    positions().forEach(i -> check(what, i, kernel.element(i)));
  }

  private IntStream positions() {
    int most = Math.clamp(MOST_TERMS / Math.max(1, termsOfOne), 8, 4096);
    if (size <= most) {
      return IntStream.range(0, size);
    }
    int edge = Math.min(EDGE, most / 4);
    SplittableRandom random = new SplittableRandom(size);
    return IntStream.concat(
        IntStream.concat(IntStream.range(0, edge), IntStream.range(size - edge, size)),
        random.ints(most - 2L * edge, 0, size));
  }

  private void check(String what, int index, double actual) {
    Element exact = elements.at(index);
    // Negated, so that a NaN does not pass.
    if (!(Math.abs(actual - exact.value()) <= exact.bound())) {
      throw new WrongAnswerException(
          String.format(
              Locale.ROOT,
              "%s: element %d is %s, but must be within %.3g of %s",
              what,
              index,
              actual,
              exact.bound(),
              exact.value()));
    }
  }
}
