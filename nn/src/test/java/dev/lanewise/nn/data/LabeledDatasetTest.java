package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LabeledDatasetTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  @Property(tries = 500)
  void bothSplitsShareOutEverySampleOnce(
      @ForAll @IntRange(min = 2, max = 200) int size,
      @ForAll @IntRange(min = 1, max = 5) int classes,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double fraction,
      @ForAll long seed) {
    LabeledDataset data = random(size, classes, seed);
    long train = Math.round(fraction * size);
    if (train == 0 || train == size) {
      assertThrows(IllegalArgumentException.class, () -> data.split(fraction, seed));
      assertThrows(IllegalArgumentException.class, () -> data.stratifiedSplit(fraction, seed));
      return;
    }

    for (var parts : List.of(data.split(fraction, seed), data.stratifiedSplit(fraction, seed))) {
      assertEquals(train, parts.train().size());
      assertEquals(size - train, parts.test().size());
      int[] ids = IntStream.concat(ids(parts.train()), ids(parts.test())).sorted().toArray();
      assertArrayEquals(IntStream.range(0, size).toArray(), ids);
      for (LabeledDataset part : List.of(parts.train(), parts.test())) {
        assertArrayEquals(data.sampleShape(), part.sampleShape());
        assertEquals(data.classNames(), part.classNames());
        int[] rows = ids(part).toArray();
        for (int i = 0; i < rows.length; i++) {
          assertEquals(data.labels()[rows[i]], part.labels()[i]);
          assertEquals(-rows[i], part.features()[2 * i + 1]);
        }
      }
    }
  }

  @Property(tries = 500)
  void stratifiedPartsKeepTheProportionsOfTheClasses(
      @ForAll @IntRange(min = 3, max = 300) int size,
      @ForAll @IntRange(min = 1, max = 5) int classes,
      @ForAll @DoubleRange(min = 0.2, max = 0.8) double fraction,
      @ForAll long seed) {
    LabeledDataset data = random(size, classes, seed);

    int[] counts = data.classCounts();
    int[] trained = data.stratifiedSplit(fraction, seed).train().classCounts();

    for (int c = 0; c < counts.length; c++) {
      double exact = fraction * counts[c];
      assertTrue(
          trained[c] >= Math.floor(exact) && trained[c] <= Math.ceil(exact),
          () -> "%s of %s with %s".formatted(Arrays.toString(trained), fraction, data));
    }
  }

  @Property(tries = 100)
  void theSameSeedGivesTheSameSplitAndAnotherSeedAnother(@ForAll long seed) {
    LabeledDataset data = random(100, 4, 5);

    assertSameData(data.split(0.7, seed), data.split(0.7, seed));
    assertSameData(data.stratifiedSplit(0.7, seed), data.stratifiedSplit(0.7, seed));
    assertTrue(
        !Arrays.equals(
            data.split(0.7, seed).train().features(),
            data.split(0.7, seed + 1).train().features()));
  }

  @Test
  void aSplitOfIrisHasOneSizeOfEverySpecies() {
    TrainTestSplit parts = Iris.load().stratifiedSplit(0.8, 1);

    assertArrayEquals(new int[] {40, 40, 40}, parts.train().classCounts());
    assertArrayEquals(new int[] {10, 10, 10}, parts.test().classCounts());
  }

  @Test
  void theShapesFitTogether() {
    LabeledDataset data =
        LabeledDataset.of(new float[60], new int[] {4, 5}, new int[] {0, 2, 2}, NAMES);

    assertArrayEquals(new int[] {3, 4, 5}, data.shape());
    assertArrayEquals(new int[] {4, 5}, data.sampleShape());
    assertEquals(20, data.sampleLength());
    assertEquals(3, data.size());
    assertEquals(5, data.classes());
    assertArrayEquals(new int[] {1, 0, 2, 0, 0}, data.classCounts());
    assertEquals("[3, 4, 5], 5 classes", data.toString());
  }

  @Test
  void shapesAreCopiesAndDataAreNot() {
    float[] features = {1, 2};
    int[] labels = {0, 1};
    int[] sampleShape = {1};
    LabeledDataset data = LabeledDataset.of(features, sampleShape, labels, NAMES);

    sampleShape[0] = 7;
    data.shape()[0] = 7;
    data.sampleShape()[0] = 7;

    assertArrayEquals(new int[] {2, 1}, data.shape());
    assertSame(features, data.features());
    assertSame(labels, data.labels());
  }

  @Property(tries = 300)
  void threePartsShareOutEverySampleOnceAndKeepTheProportions(
      @ForAll @IntRange(min = 20, max = 300) int size,
      @ForAll @IntRange(min = 1, max = 5) int classes,
      @ForAll @DoubleRange(min = 0.1, max = 0.6) double train,
      @ForAll @DoubleRange(min = 0.1, max = 0.3) double validation,
      @ForAll long seed) {
    LabeledDataset data = random(size, classes, seed);

    for (var parts :
        List.of(
            data.split(train, validation, seed), data.stratifiedSplit(train, validation, seed))) {
      // By rounding; and, where classes are shared out, by that of each class.
      assertEquals(train * size, parts.train().size(), 2);
      assertEquals(validation * size, parts.validation().size(), 2);
      List<LabeledDataset> all = List.of(parts.train(), parts.validation(), parts.test());
      int[] ids = all.stream().flatMapToInt(LabeledDatasetTest::ids).sorted().toArray();
      assertArrayEquals(IntStream.range(0, size).toArray(), ids);
      for (LabeledDataset part : all) {
        int[] rows = ids(part).toArray();
        for (int i = 0; i < rows.length; i++) {
          assertEquals(data.labels()[rows[i]], part.labels()[i]);
        }
      }
    }
    int[] counts = data.classCounts();
    var parts = data.stratifiedSplit(train, validation, seed);
    for (int c = 0; c < counts.length; c++) {
      assertEquals(train * counts[c], parts.train().classCounts()[c], 1);
      assertEquals(validation * counts[c], parts.validation().classCounts()[c], 1);
    }
  }

  @Test
  void threePartsOfIris() {
    var parts = Iris.load().stratifiedSplit(0.7, 0.15, 1);

    assertArrayEquals(new int[] {35, 35, 35}, parts.train().classCounts());
    assertEquals(23, parts.validation().size());
    assertEquals(22, parts.test().size());
    for (int count : parts.test().classCounts()) {
      assertTrue(count == 7 || count == 8, count + " of a species");
    }
  }

  @Test
  void tensorsAreCopies() {
    LabeledDataset data =
        LabeledDataset.of(
            new float[] {1, 2, 3, 4}, new int[] {1, 2}, new int[] {2, 0}, NAMES.subList(0, 3));

    assertEquals(Shape.of(2, 1, 2), data.x().shape());
    assertArrayEquals(new float[] {1, 2, 3, 4}, data.x().toFloatArray());
    assertEquals(DType.I32, data.y().dtype());
    assertArrayEquals(new long[] {2, 0}, data.y().toLongArray());
    assertArrayEquals(new float[][] {{0, 0, 1}, {1, 0, 0}}, data.oneHotLabels().toFloatMatrix());
  }

  @Test
  void samplesChangeTheirShapeOverTheSameArrays() {
    LabeledDataset digits = Digits.load();

    assertArrayEquals(new int[] {1797, 1, 8, 8}, digits.reshape(1, 8, 8).shape());
    assertArrayEquals(new int[] {1797, 64}, digits.flatten().shape());
    assertSame(digits.features(), digits.flatten().features());
    assertSame(digits.labels(), digits.flatten().labels());
    assertIllegal(
        "LabeledDataset: 115008 features are not 1797 samples of shape [8, 9], one for each label",
        () -> digits.reshape(8, 9));
  }

  @Test
  void featuresAreMapped() {
    LabeledDataset data = random(4, 2, 1);

    LabeledDataset first = data.map(x -> x.slice(1, 0, 1).mul(2).cast(DType.F64));

    assertArrayEquals(new int[] {4, 1}, first.shape());
    assertArrayEquals(new float[] {0, 2, 4, 6}, first.features());
    assertArrayEquals(data.labels(), first.labels());
    assertEquals(data.classNames(), first.classNames());
    assertArrayEquals(new int[] {4}, data.map(x -> x.sum(1)).shape());
    assertIllegal(
        "map: [4, 2] must become 4 samples as well, not [3, 2]",
        () -> data.map(x -> x.slice(0, 0, 3)));
    assertIllegal("map: [4, 2] must become 4 samples as well, not []", () -> data.map(Tensor::sum));
    assertIllegal(
        "map: features must be f32 or f64, not i32", () -> data.map(x -> x.cast(DType.I32)));
  }

  @Test
  void wrongSharesAreNamed() {
    LabeledDataset data = random(10, 3, 4);
    double[][] wrong = {{0, 0.5}, {0.5, 0}, {0.5, 0.5}, {-1, 0.5}, {Double.NaN, 0.5}, {0.5, 2}};
    for (double[] shares : wrong) {
      String rule =
          ": the train and the validation fraction must be above 0, and together below 1, but are "
              + shares[0]
              + " and "
              + shares[1];
      assertIllegal("split" + rule, () -> data.split(shares[0], shares[1], 1));
      assertIllegal("stratifiedSplit" + rule, () -> data.stratifiedSplit(shares[0], shares[1], 1));
    }
    assertIllegal(
        "split: fractions [0.75, 0.2, 0.04999999999999999] of 10 samples leave a part empty, as its"
            + " lengths are [8, 2, 0]",
        () -> data.split(0.75, 0.2, 1));
    assertIllegal(
        "TrainValidationTestSplit: the parts differ in sample shape or classes:"
            + " train is [1797, 8, 8], 10 classes, validation is [150, 4], 3 classes",
        () -> new TrainValidationTestSplit(Digits.load(), Iris.load(), Digits.load()));
  }

  @Test
  void selectsRowsInTheOrderGiven() {
    LabeledDataset data = random(10, 3, 4);

    LabeledDataset chosen = data.select(7, 0, 7);

    assertArrayEquals(new float[] {7, -7, 0, 0, 7, -7}, chosen.features());
    assertArrayEquals(
        new int[] {data.labels()[7], data.labels()[0], data.labels()[7]}, chosen.labels());
    assertArrayEquals(data.select(0, 1, 2).features(), data.first(3).features());
    assertArrayEquals(data.features(), data.first(10).features());
  }

  @Test
  void wrongArgumentsAreNamed() {
    LabeledDataset data = random(10, 3, 4);
    assertIllegal("first: count must be from 1 to 10, but is 0", () -> data.first(0));
    assertIllegal("first: count must be from 1 to 10, but is 11", () -> data.first(11));
    assertIllegal("LabeledDataset: there must be at least one sample", () -> data.select());
    for (int row : new int[] {-1, 10}) {
      var error = assertThrows(IndexOutOfBoundsException.class, () -> data.select(0, row));
      assertEquals("select: row " + row + " of a data set of 10 samples", error.getMessage());
    }
    for (double fraction : new double[] {0, 1, -0.5, 80, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertIllegal(
          "split: fraction must be above 0 and below 1, but is " + fraction,
          () -> data.split(fraction, 1));
      assertIllegal(
          "stratifiedSplit: fraction must be above 0 and below 1, but is " + fraction,
          () -> data.stratifiedSplit(fraction, 1));
    }
    assertIllegal(
        "split: fractions [0.01, 0.99] of 10 samples leave a part empty, as its lengths are"
            + " [0, 10]",
        () -> data.split(0.01, 1));
    assertIllegal(
        "stratifiedSplit: fractions [0.99, 0.010000000000000009] of 10 samples leave a part empty,"
            + " as its lengths are [10, 0]",
        () -> data.stratifiedSplit(0.99, 1));
  }

  @Test
  void wrongDataAreNamed() {
    assertIllegal(
        "LabeledDataset: there must be at least one sample",
        () -> LabeledDataset.of(new float[0], new int[] {2}, new int[0], NAMES));
    int[][] wrongShapes = {{2, 2}, {3}, {0}, {-2}, {-1, -2}, {}, {1 << 30, 1 << 30, 1 << 30}};
    for (int[] shape : wrongShapes) {
      assertIllegal(
          "LabeledDataset: 6 features are not 3 samples of shape "
              + Arrays.toString(shape)
              + ", one for each label",
          () -> LabeledDataset.of(new float[6], shape, new int[3], NAMES));
    }
    assertIllegal(
        "LabeledDataset: 7 features are not 3 samples of shape [2], one for each label",
        () -> LabeledDataset.of(new float[7], new int[] {2}, new int[3], NAMES));
    for (int label : new int[] {-1, 5}) {
      assertIllegal(
          "LabeledDataset: label 1 is " + label + ", but there are 5 classes, from 0 to 4",
          () -> LabeledDataset.of(new float[2], new int[] {1}, new int[] {0, label}, NAMES));
    }
  }

  @Test
  void moreSamplesThanAnArrayHoldsAreRefused() {
    LabeledDataset wide =
        LabeledDataset.of(new float[1 << 20], new int[] {1 << 20}, new int[1], NAMES);

    assertIllegal(
        "select: 2048 samples of 1048576 features exceed one array",
        () -> wide.select(new int[2048]));
  }

  @Test
  void partsOfDifferentDataMakeNoPair() {
    assertIllegal(
        "TrainTestSplit: the parts differ in sample shape or classes:"
            + " train is [1797, 8, 8], 10 classes, test is [150, 4], 3 classes",
        () -> new TrainTestSplit(Digits.load(), Iris.load()));
  }

  /** Sample {@code i} is {@code [i, -i]}, so that it can be recognised later. */
  private static LabeledDataset random(int size, int classes, long seed) {
    var random = new Random(seed);
    float[] features = new float[2 * size];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      features[2 * i] = i;
      features[2 * i + 1] = -i;
      labels[i] = random.nextInt(classes);
    }
    return LabeledDataset.of(features, new int[] {2}, labels, NAMES.subList(0, classes));
  }

  private static IntStream ids(LabeledDataset part) {
    return IntStream.range(0, part.size()).map(i -> (int) part.features()[2 * i]);
  }

  private static void assertSameData(TrainTestSplit a, TrainTestSplit b) {
    assertArrayEquals(a.train().features(), b.train().features());
    assertArrayEquals(a.train().labels(), b.train().labels());
    assertArrayEquals(a.test().features(), b.test().features());
    assertArrayEquals(a.test().labels(), b.test().labels());
  }

  private static void assertIllegal(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  /** Whoever takes the first or the last samples of a part gets some of each class. */
  @Test
  void partsByClassAreShuffled() {
    var parts = Digits.load().stratifiedSplit(0.8, 42);
    for (LabeledDataset part : List.of(parts.train(), parts.test())) {
      int[] labels = part.labels();
      for (int from : new int[] {0, labels.length - 40}) {
        long classes = Arrays.stream(labels, from, from + 40).distinct().count();
        assertTrue(classes >= 7, classes + " classes from " + from);
      }
    }
  }
}
