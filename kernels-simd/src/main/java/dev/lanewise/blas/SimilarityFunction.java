package dev.lanewise.blas;

/**
 * How alike two vectors of length d are, for {@link Similarity}. Errors are given with {@code eps}
 * the unit round-off, 2⁻²⁴ of {@code float} and 2⁻⁵³ of {@code double}.
 */
public enum SimilarityFunction {
  /** The sum of products; off by at most {@code (d + 4) · eps · Σ |q · x|}. */
  DOT,
  /**
   * The cosine of the angle between the vectors, from −1 to 1; off by at most {@code (2 d + 12) ·
   * eps}, however long or short they are. A vector of zeros has no direction: its cosine is 0.
   */
  COSINE,
  /**
   * The sum of squared differences. It is made of the differences themselves, not of three
   * products, so that it is exact for near neighbours too: off by at most {@code (d + 4) · eps}
   * times itself, as long as no square leaves the range of numbers.
   */
  SQUARED_DISTANCE,
  /** The Euclidean distance, the root of {@link #SQUARED_DISTANCE}, and exact to as many digits. */
  DISTANCE
}
