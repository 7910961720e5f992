package dev.lanewise.nn.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cross-validation: samples dealt into {@code k} parts, each of which judges once what was learned
 * from the others.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var iris = Iris.load();
 *   for (Fold fold : KFold.stratified(iris.labels(), 5, 42)) {
 *     var train = iris.select(fold.train());
 *     var validation = iris.select(fold.validation());
 *     IO.println(train.size() + " + " + validation.size()); // 120 + 30
 *   }
 * }
 * }
 */
public final class KFold {
  private KFold() {}

  /**
   * {@return {@code k} folds of shuffled samples} Every sample is in the validation part of one
   * fold; the parts' sizes differ by 1 at most.
   *
   * @param n the number of samples
   * @param k the number of folds, from 2 to {@code n}
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if {@code k} is out of range
   */
  public static List<Fold> of(int n, int k, long seed) {
    return folds(n, k, Permutation.of(checked(n, k), seed));
  }

  /**
   * {@return {@code k} folds of shuffled samples, each class shared out among them} Every sample is
   * in the validation part of one fold; the parts' sizes differ by 1 at most, and so do the numbers
   * of samples of each class. A class of fewer than {@code k} samples is missing in some parts.
   *
   * @param labels the class of each sample, any number
   * @param k the number of folds, from 2 to the number of samples
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if {@code k} is out of range
   */
  public static List<Fold> stratified(int[] labels, int k, long seed) {
    int[] order = Permutation.of(checked(labels.length, k), seed);
    // Class by class: in a row of k samples, whatever their class, every fold has one.
    int[] sorted =
        IntStream.of(order)
            .boxed()
            .sorted(Comparator.comparingInt(row -> labels[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    return folds(labels.length, k, sorted);
  }

  private static int checked(int n, int k) {
    if (k < 2 || k > n) {
      throw new IllegalArgumentException(
          "KFold: k must be from 2 to the %d samples, but is %d".formatted(n, k));
    }
    return n;
  }

  /** Deals samples to the folds in turn. */
  private static List<Fold> folds(int n, int k, int[] order) {
    int[] owner = new int[n];
    for (int i = 0; i < n; i++) {
      owner[order[i]] = i % k;
    }
    List<Fold> folds = new ArrayList<>(k);
    for (int f = 0; f < k; f++) {
      int fold = f;
      folds.add(
          new Fold(
              IntStream.range(0, n).filter(i -> owner[i] != fold).toArray(),
              IntStream.range(0, n).filter(i -> owner[i] == fold).toArray()));
    }
    return List.copyOf(folds);
  }
}
