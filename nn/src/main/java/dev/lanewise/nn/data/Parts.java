package dev.lanewise.nn.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which samples go to which part of a data set that is cut. */
final class Parts {
  /** How far a sum of fractions may be from 1, as 0.7 + 0.2 + 0.1 is. */
  private static final double TOLERANCE = 1e-6;

  /** Less than this of a sample is a rounding error. */
  private static final double NOTHING = 1e-9;

  private Parts() {}

  /** {@return the numbers from {@code from} up to, not including, {@code to}} */
  static int[] range(String operation, int size, int from, int to) {
    if (from < 0 || to < from || to > size) {
      throw new IllegalArgumentException(
          "%s: count must be from 0 to %d, but is %d"
              .formatted(operation, size, to == size ? from : to));
    }
    return IntStream.range(from, to).toArray();
  }

  /** {@return a fraction, which is checked, and the rest} */
  static double[] two(String operation, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          operation + ": fraction must be above 0 and below 1, but is " + fraction);
    }
    return new double[] {fraction, 1 - fraction};
  }

  /** {@return two fractions, which are checked, and the rest} */
  static double[] three(String operation, double train, double validation) {
    if (!(train > 0 && validation > 0 && train + validation < 1)) {
      throw new IllegalArgumentException(
          ("%s: the train and the validation fraction must be above 0, and together below 1, but"
                  + " are %s and %s")
              .formatted(operation, train, validation));
    }
    return new double[] {train, validation, 1 - train - validation};
  }

  /** {@return how many samples are in each part if the cuts are rounded to the nearest sample} */
  static int[] lengths(String operation, int size, double[] fractions) {
    double sum = Arrays.stream(fractions).sum();
    boolean positive = Arrays.stream(fractions).allMatch(f -> f > 0);
    if (!positive || !(Math.abs(sum - 1) <= TOLERANCE)) {
      throw new IllegalArgumentException(
          "%s: fractions must be above 0 and their sum 1, but they are %s"
              .formatted(operation, Arrays.toString(fractions)));
    }
    int[] lengths = new int[fractions.length];
    double share = 0;
    long start = 0;
    for (int i = 0; i < lengths.length; i++) {
      share += fractions[i];
      long end = i == lengths.length - 1 ? size : Math.min(size, Math.round(share / sum * size));
      lengths[i] = (int) (end - start);
      start = end;
    }
    if (IntStream.of(lengths).anyMatch(length -> length == 0)) {
      throw new IllegalArgumentException(
          "%s: fractions %s of %d samples leave a part empty, as its lengths are %s"
              .formatted(operation, Arrays.toString(fractions), size, Arrays.toString(lengths)));
    }
    return lengths;
  }

  /** {@return the samples of each part, in the order of a shuffle} */
  static List<int[]> shuffled(int size, int[] lengths, long seed) {
    boolean positive = IntStream.of(lengths).allMatch(length -> length > 0);
    if (!positive || IntStream.of(lengths).asLongStream().sum() != size) {
      throw new IllegalArgumentException(
          "split: lengths must be at least 1 and their sum the %d samples, but they are %s"
              .formatted(size, Arrays.toString(lengths)));
    }
    int[] rows = Permutation.of(size, seed);
    List<int[]> parts = new ArrayList<>(lengths.length);
    int start = 0;
    for (int length : lengths) {
      parts.add(Arrays.copyOfRange(rows, start, start + length));
      start += length;
    }
    return parts;
  }

  /** {@return the samples of each part, in the order of a shuffle, each class shared out} */
  static List<int[]> stratified(int[] labels, double[] fractions, int[] lengths, long seed) {
    int[] classes = dense(labels);
    int[] counts = new int[IntStream.of(classes).max().orElse(-1) + 1];
    for (int c : classes) {
      counts[c]++;
    }
    int[][] quotas = quotas(counts, fractions, lengths);
    List<IntStream.Builder> parts = new ArrayList<>();
    for (int part = 0; part < lengths.length; part++) {
      parts.add(IntStream.builder());
    }
    for (int row : Permutation.of(labels.length, seed)) {
      int part = 0;
      while (quotas[part][classes[row]] == 0) {
        part++;
      }
      quotas[part][classes[row]]--;
      parts.get(part).add(row);
    }
    // A class goes to the later parts when the earlier ones have theirs: the ends would be of few.
    return parts.stream().map(part -> shuffled(part.build().toArray(), seed)).toList();
  }

  private static int[] shuffled(int[] rows, long seed) {
    return IntStream.of(Permutation.of(rows.length, seed)).map(i -> rows[i]).toArray();
  }

  /**
   * {@return how many samples of each class go to each part} Each share is rounded down; then part
   * after part takes one more of as many classes as it lacks samples: first of classes that have
   * the fewest parts left to go to, then of those of which it has lost most. It may be, with more
   * than two parts, that this fills not all parts: then some become larger and others smaller than
   * their length, as no class's share may be further from the exact one than by rounding.
   *
   * @param counts the samples of each class
   * @param fractions the share of each part
   * @param lengths the samples of each part
   */
  static int[][] quotas(int[] counts, double[] fractions, int[] lengths) {
    double sum = Arrays.stream(fractions).sum();
    int[][] quotas = new int[fractions.length][counts.length];
    double[][] rests = new double[fractions.length][counts.length];
    int[] left = counts.clone();
    int[] open = new int[counts.length];
    for (int part = 0; part < fractions.length; part++) {
      for (int c = 0; c < counts.length; c++) {
        double exact = fractions[part] / sum * counts[c];
        quotas[part][c] = (int) (exact + NOTHING); // 1/49 of 49 is a little less than 1
        left[c] -= quotas[part][c];
        rests[part][c] = exact - quotas[part][c];
        open[c] += rests[part][c] > NOTHING ? 1 : 0;
      }
    }
    for (int part = 0; part < fractions.length; part++) {
      double[] rest = rests[part];
      int[] quota = quotas[part];
      List<Integer> lossy =
          IntStream.range(0, counts.length).filter(c -> rest[c] > NOTHING).boxed().toList();
      List<Integer> takes =
          lossy.stream()
              .filter(c -> left[c] > 0)
              .sorted(
                  Comparator.<Integer>comparingInt(c -> open[c] - left[c])
                      .thenComparingDouble(c -> -rest[c]))
              .limit(Math.max(0, lengths[part] - IntStream.of(quota).sum()))
              .toList();
      lossy.forEach(c -> open[c]--);
      takes.forEach(c -> takeOne(c, quota, rest, left));
    }
    for (int c = 0; c < counts.length; c++) {
      for (int part = 0; left[c] > 0; part++) {
        if (rests[part][c] > NOTHING) {
          takeOne(c, quotas[part], rests[part], left);
        }
      }
    }
    return quotas;
  }

  private static void takeOne(int c, int[] quota, double[] rest, int[] left) {
    quota[c]++;
    rest[c] = 0; // no part takes two
    left[c]--;
  }

  /** {@return the labels' places among all labels that occur, in ascending order} */
  static int[] dense(int[] labels) {
    int[] occurring = IntStream.of(labels).sorted().distinct().toArray();
    return IntStream.of(labels).map(label -> Arrays.binarySearch(occurring, label)).toArray();
  }

  /** {@return a data set for each part} */
  static List<Dataset> selected(Dataset data, List<int[]> parts) {
    return parts.stream().<Dataset>map(rows -> new SelectedDataset(data, rows)).toList();
  }
}
