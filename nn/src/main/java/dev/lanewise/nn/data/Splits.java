package dev.lanewise.nn.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Which samples go to which part. */
final class Splits {
  private Splits() {}

  /**
   * {@return the numbers of samples of the parts, the last of which gets the rest}
   *
   * @param operation who asks, for the error's text
   * @param size how many samples there are
   * @param fraction the share of the train part
   * @throws IllegalArgumentException if it is out of range or leaves a part empty
   */
  static int[] sizes(String operation, int size, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          operation + ": fraction must be above 0 and below 1, but is " + fraction);
    }
    int train = (int) Math.round(fraction * size);
    if (train == 0 || train == size) {
      throw new IllegalArgumentException(
          "%s: fraction %s of %d samples leaves the %s part empty"
              .formatted(operation, fraction, size, train == 0 ? "train" : "test"));
    }
    return new int[] {train, size - train};
  }

  /**
   * {@return the numbers of samples of the parts, the last of which gets the rest}
   *
   * @param operation who asks, for the error's text
   * @param size how many samples there are
   * @param train the share of the train part
   * @param validation the share of the validation part
   * @throws IllegalArgumentException if they are out of range or leave a part empty
   */
  static int[] sizes(String operation, int size, double train, double validation) {
    if (!(train > 0 && validation > 0 && train + validation < 1)) {
      throw new IllegalArgumentException(
          "%s: the train and the validation fraction must be above 0, and together below 1, but are %s and %s"
              .formatted(operation, train, validation));
    }
    int[] sizes = {(int) Math.round(train * size), (int) Math.round(validation * size), 0};
    sizes[2] = size - sizes[0] - sizes[1];
    if (Arrays.stream(sizes).anyMatch(n -> n <= 0)) {
      throw new IllegalArgumentException(
          "%s: fractions %s and %s of %d samples leave parts of %d, %d and %d samples; none may be empty"
              .formatted(operation, train, validation, size, sizes[0], sizes[1], sizes[2]));
    }
    return sizes;
  }

  /**
   * {@return the rows of each part}
   *
   * @param size how many rows there are
   * @param seed the seed of the shuffle
   * @param sizes how many rows each part gets, all of them together
   */
  static int[][] shuffled(int size, long seed, int... sizes) {
    int[] rows = Permutation.of(size, seed);
    int[][] parts = new int[sizes.length][];
    int from = 0;
    for (int p = 0; p < sizes.length; p++) {
      parts[p] = Arrays.copyOfRange(rows, from, from + sizes[p]);
      from += sizes[p];
    }
    return parts;
  }

  /**
   * {@return the rows of each part, where each class has the same share in all}
   *
   * @param labels the class of each row
   * @param classes how many classes there are
   * @param seed the seed of the shuffle
   * @param sizes how many rows each part gets, all of them together
   * @param shares the share of each part but the last in what the parts before it leave; the sizes
   *     are these, rounded
   */
  static int[][] stratified(int[] labels, int classes, long seed, int[] sizes, double... shares) {
    int[] left = new int[classes];
    for (int label : labels) {
      left[label]++;
    }
    int[][] quotas = new int[sizes.length][];
    int[][] parts = new int[sizes.length][];
    for (int p = 0; p < sizes.length; p++) {
      parts[p] = new int[sizes[p]];
      quotas[p] = p < shares.length ? quotas(left, shares[p], sizes[p]) : left.clone();
      for (int c = 0; c < classes; c++) {
        left[c] -= quotas[p][c];
      }
    }
    int[] filled = new int[sizes.length];
    for (int row : Permutation.of(labels.length, seed)) {
      int p = 0;
      while (quotas[p][labels[row]] == 0) {
        p++;
      }
      quotas[p][labels[row]]--;
      parts[p][filled[p]++] = row;
    }
    return parts;
  }

  /** Shares out {@code total} among the classes: each share rounded down, largest rest first up. */
  private static int[] quotas(int[] counts, double fraction, int total) {
    int[] quotas = new int[counts.length];
    for (int c = 0; c < quotas.length; c++) {
      quotas[c] = (int) (fraction * counts[c]);
    }
    IntStream.range(0, quotas.length)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> quotas[c] - fraction * counts[c]))
        .limit(total - Arrays.stream(quotas).sum())
        .forEach(c -> quotas[c]++);
    return quotas;
  }
}
