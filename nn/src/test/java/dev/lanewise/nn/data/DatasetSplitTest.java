package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Parts of data sets. */
class DatasetSplitTest {
  /** Sample i is the number i, of a random class. */
  private static Dataset numbers(int size, int classes, long seed) {
    Random random = new Random(seed);
    int[] labels = IntStream.range(0, size).map(_ -> random.nextInt(classes)).toArray();
    return Dataset.of(Tensor.of(IntStream.range(0, size).toArray()), Tensor.of(labels));
  }

  private static int[] ids(Dataset data) {
    return IntStream.range(0, data.size()).map(i -> (int) data.get(i).x().item()).toArray();
  }

  private static void assertPartition(int size, List<Dataset> parts) {
    int[] all = parts.stream().flatMapToInt(part -> IntStream.of(ids(part))).sorted().toArray();
    assertArrayEquals(IntStream.range(0, size).toArray(), all);
  }

  private static double[] normal(List<Double> shares) {
    double sum = shares.stream().mapToDouble(share -> share).sum();
    return shares.stream().mapToDouble(share -> share / sum).toArray();
  }

  @Property(tries = 100)
  void partsShareOutEverySampleOnce(
      @ForAll @IntRange(min = 60, max = 100) int size,
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = 0.2, max = 1) Double> shares,
      @ForAll long seed) {
    double[] fractions = normal(shares);
    Dataset data = numbers(size, 3, seed);

    for (var parts : List.of(data.split(fractions, seed), data.stratifiedSplit(fractions, seed))) {
      assertPartition(size, parts);
    }
    List<Dataset> parts = data.split(fractions, seed);
    for (int i = 0; i < fractions.length; i++) {
      assertEquals(fractions[i] * size, parts.get(i).size(), 1);
    }
    assertArrayEquals(ids(parts.getFirst()), ids(data.split(fractions, seed).getFirst()));
  }

  /** A forty-ninth of 49 is one, though not in floating point. */
  @Example
  void aWholeShareIsNotRoundedDown() {
    double[] fractions = {1 / 49.0, 24.5 / 49, 23.5 / 49};
    int[][] quotas = Parts.quotas(new int[] {49}, fractions, new int[] {0, 25, 24});
    assertArrayEquals(new int[][] {{1}, {25}, {23}}, quotas);
  }

  @Property(tries = 300)
  void everyClassIsSharedOutAsNearlyAsWholeSamplesAllow(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 9) Integer> sizes,
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = 0.2, max = 1) Double> shares) {
    double[] fractions = normal(shares);
    int[] counts = sizes.stream().mapToInt(c -> c).toArray();
    int size = IntStream.of(counts).sum();
    int[] lengths = new int[fractions.length];
    double share = 0;
    for (int p = 0; p < lengths.length; p++) {
      long before = Math.round(share * size);
      share = p == lengths.length - 1 ? 1 : share + fractions[p];
      lengths[p] = (int) (Math.round(share * size) - before);
    }

    int[][] quotas = Parts.quotas(counts, fractions, lengths);

    for (int c = 0; c < counts.length; c++) {
      int given = 0;
      for (int p = 0; p < fractions.length; p++) {
        double exact = fractions[p] * counts[c];
        int quota = quotas[p][c];
        given += quota;
        assertTrue(
            quota >= Math.floor(exact + 1e-9) && quota <= Math.ceil(exact - 1e-9),
            () -> exact + " became " + quota);
      }
      assertEquals(counts[c], given);
    }
    for (int p = 0; p < fractions.length; p++) {
      assertEquals(lengths[p], IntStream.of(quotas[p]).sum(), 2);
    }
  }

  /** Ten classes of two samples in three parts: of each class one part must go without. */
  @Test
  void manySmallClassesFillAllParts() {
    int[] counts = new int[10];
    Arrays.fill(counts, 2);
    double third = 1.0 / 3;

    int[][] quotas = Parts.quotas(counts, new double[] {third, third, third}, new int[] {7, 6, 7});

    assertEquals(7, IntStream.of(quotas[0]).sum());
    assertEquals(6, IntStream.of(quotas[1]).sum());
    assertEquals(7, IntStream.of(quotas[2]).sum());
  }

  /** The rule for two parts: round down, and one more where the largest rests are. */
  @Property(tries = 300)
  void twoPartsFollowTheLargestRests(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 30) Integer> sizes,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double fraction) {
    int[] counts = sizes.stream().mapToInt(c -> c).toArray();
    int size = IntStream.of(counts).sum();
    int train = (int) Math.round(fraction * size);
    int[] expected = IntStream.of(counts).map(c -> (int) (fraction * c)).toArray();
    IntStream.range(0, counts.length)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> expected[c] - fraction * counts[c]))
        .limit(train - IntStream.of(expected).sum())
        .forEach(c -> expected[c]++);

    int[][] quotas =
        Parts.quotas(
            counts, new double[] {fraction, 1 - fraction}, new int[] {train, size - train});

    assertArrayEquals(expected, quotas[0]);
  }

  @Test
  void splitsAreThoseOfLabelledData() {
    LabeledDataset iris = Iris.load();
    Dataset data = Dataset.of(iris);

    var expected = iris.stratifiedSplit(0.7, 3);
    var actual = data.stratifiedSplit(0.7, 3);
    assertArrayEquals(expected.train().labels(), actual.train().labels());
    assertArrayEquals(expected.test().labels(), actual.test().labels());
    assertArrayEquals(
        iris.split(0.7, 3).test().features(),
        data.split(0.7, 3).test().batch(IntStream.range(0, 45).toArray()).x().toFloatArray());
  }

  @Test
  void lengthsAreTakenAsTheyAre() {
    Dataset data = numbers(10, 2, 1);

    List<Dataset> parts = data.split(new int[] {7, 1, 2}, 5);

    assertArrayEquals(new int[] {7, 1, 2}, parts.stream().mapToInt(Dataset::size).toArray());
    assertPartition(10, parts);
    assertFalse(Arrays.equals(ids(parts.getFirst()), ids(data.split(new int[] {7, 3}, 6).get(0))));
  }

  @Test
  void wrongArguments() {
    Dataset data = numbers(10, 2, 1);
    for (double wrong : new double[] {0, 1, -0.5, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> data.split(wrong, 1));
      assertThrows(IllegalArgumentException.class, () -> data.stratifiedSplit(wrong, 1));
    }
    for (double[] wrong :
        new double[][] {{}, {0.5, 0.6}, {0.5, 0.4}, {1.5, -0.5}, {Double.NaN, 1}, {0.99, 0.01}}) {
      assertThrows(IllegalArgumentException.class, () -> data.split(wrong, 1));
      assertThrows(IllegalArgumentException.class, () -> data.stratifiedSplit(wrong, 1));
    }
    for (int[] wrong : new int[][] {{}, {5, 4}, {5, 6}, {10, 0}, {11, -1}}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> data.split(wrong, 1)).getMessage();
      assertTrue(
          message.contains("10 samples") && message.contains(Arrays.toString(wrong)), message);
    }
    assertThrows(IllegalArgumentException.class, () -> data.take(0).split(0.5, 1));
    Dataset real = Dataset.of(Tensor.zeros(4, 1), Tensor.full(Shape.of(4), 0.5));
    assertThrows(IllegalArgumentException.class, () -> real.stratifiedSplit(0.5, 1));
  }
}
