package dev.lanewise.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * Proves results before they are timed, against sums and functions in {@code double}.
 *
 * <p>Each check throws {@link WrongAnswerException} at the first number that is out of bounds.
 */
public final class Answers {
  private Answers() {}

  /**
   * Checks an elementwise result.
   *
   * @param what who computed, for the error's text
   * @param actual the result
   * @param exact the exact value of each element
   * @param ulps how many units in the last place of {@code float} it may be off
   * @throws WrongAnswerException if an element is further off
   */
  public static void checkElements(
      String what, float[] actual, IntToDoubleFunction exact, double ulps) {
    for (int i = 0; i < actual.length; i++) {
      double expected = exact.applyAsDouble(i);
      check(what, i, actual[i], expected, ulps * Math.ulp((float) expected));
    }
  }

  /**
   * Checks a matrix product. The bound is the classical one of a sum of {@code k} rounded products
   * in any order: {@code k · 2⁻²⁴ · Σ|a||b|} (Higham, Accuracy and Stability of Numerical
   * Algorithms, section 3.1), with two roundings more for conversions.
   *
   * @param what who computed, for the error's text
   * @param a {@code [m, k]}
   * @param b {@code [k, n]}
   * @param actual {@code [m, n]}
   * @param m rows of a and the result
   * @param k columns of a, rows of b
   * @param n columns of b and the result
   * @throws WrongAnswerException if an element is out of the bound
   */
  public static void checkProduct(
      String what, float[] a, float[] b, float[] actual, int m, int k, int n) {
    double unit = (k + 2) * 0x1p-24;
    double[] sums = new double[n];
    double[] magnitudes = new double[n];
    for (int i = 0; i < m; i++) {
      Arrays.fill(sums, 0);
      Arrays.fill(magnitudes, 0);
      for (int p = 0; p < k; p++) {
        addScaledRow(a[i * k + p], b, p * n, sums, magnitudes);
      }
      for (int j = 0; j < n; j++) {
        check(what, i * n + j, actual[i * n + j], sums[j], unit * magnitudes[j]);
      }
    }
  }

  private static void addScaledRow(
      double factor, float[] b, int row, double[] sums, double[] magnitudes) {
    for (int j = 0; j < sums.length; j++) {
      double term = factor * b[row + j];
      sums[j] += term;
      magnitudes[j] += Math.abs(term);
    }
  }

  private static void check(String what, int i, float actual, double expected, double bound) {
    // Negated, so that a NaN does not pass.
    if (!(Math.abs(actual - expected) <= bound)) {
      throw new WrongAnswerException(
          String.format(
              Locale.ROOT,
              "%s: element %d is %s, but must be within %.3g of %s",
              what,
              i,
              actual,
              bound,
              expected));
    }
  }
}
