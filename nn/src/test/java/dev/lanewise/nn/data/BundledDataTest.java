package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.io.FileFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The two data sets that come along, and the reader of their files. */
class BundledDataTest {
  private static final BundledTable PAIRS =
      new BundledTable(
          "pairs.csv", List.of("x,y,class"), 3, new int[] {2}, 8, 4, List.of("no", "yes"));

  @Test
  void digitsAreComplete() {
    LabeledDataset digits = Digits.load();

    assertArrayEquals(new int[] {1797, 8, 8}, digits.shape());
    assertArrayEquals(
        new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, digits.classCounts());
    assertEquals(IntStream.range(0, 10).mapToObj(String::valueOf).toList(), digits.classNames());
    long sum = 0;
    for (float pixel : digits.features()) {
      assertTrue(pixel >= 0 && pixel <= 1 && 16 * pixel == (int) (16 * pixel), "" + pixel);
      sum += (long) (16 * pixel);
    }
    assertEquals(561_718, sum);
  }

  @Test
  void theFirstDigitIsAZero() {
    LabeledDataset digits = Digits.load();

    String picture =
        IntStream.range(0, 8)
            .mapToObj(y -> Arrays.copyOfRange(digits.features(), 8 * y, 8 * y + 8))
            .map(
                row ->
                    IntStream.range(0, 8)
                        .mapToObj(x -> row[x] > 0.5f ? "#" : ".")
                        .collect(Collectors.joining()))
            .collect(Collectors.joining("\n"));

    assertEquals(
        """
        ...##...
        ..####..
        ..#..#..
        ..#.....
        .....#..
        ..#..#..
        ..#.##..
        ...##...\
        """,
        picture);
    assertEquals(0, digits.labels()[0]);
  }

  @Test
  void irisIsComplete() {
    LabeledDataset iris = Iris.load();

    assertArrayEquals(new int[] {150, 4}, iris.shape());
    assertArrayEquals(new int[] {50, 50, 50}, iris.classCounts());
    assertEquals(List.of("setosa", "versicolor", "virginica"), iris.classNames());
    assertArrayEquals(new float[] {5.1f, 3.5f, 1.4f, 0.2f}, Arrays.copyOf(iris.features(), 4));
    double[] means = new double[4];
    float least = Float.MAX_VALUE;
    float most = 0;
    for (int i = 0; i < iris.features().length; i++) {
      means[i % 4] += iris.features()[i] / 150;
      least = Math.min(least, iris.features()[i]);
      most = Math.max(most, iris.features()[i]);
    }
    // the means of Fisher's table
    assertArrayEquals(new double[] {5.8433, 3.0573, 3.7580, 1.1993}, means, 5e-5);
    assertEquals(0.1f, least);
    assertEquals(7.9f, most);
  }

  @Test
  void readsATable() throws IOException {
    LabeledDataset pairs = read("x,y,class\n0,8,0\n1,2.5,1\n4,4,1\n");

    assertArrayEquals(new float[] {0, 2, 0.25f, 0.625f, 1, 1}, pairs.features());
    assertArrayEquals(new int[] {0, 1, 1}, pairs.labels());
  }

  @Test
  void aWrongTableSaysWhere() {
    assertError("", 0, "\"x,y,class\"", "the end of the data");
    assertError("a,b\n", 0, "\"x,y,class\"", "\"a,b\"");
    assertError("x,y,class\n0,8,0\n", 16, "row 1 of 3 fields", "the end of the data");
    assertError("x,y,class\n0,8,0\n1,1\n", 16, "row 1 of 3 fields", "\"1,1\"");
    assertError("x,y,class\n0,8,0\n1,9,1\n", 18, "a number from 0 to 8.0 in row 1", "\"9\"");
    assertError("x,y,class\n0,8,0\n1,NaN,1\n", 18, "a number from 0 to 8.0 in row 1", "\"NaN\"");
    assertError("x,y,class\n0,8,0\n-1,2,1\n", 16, "a number from 0 to 8.0 in row 1", "\"-1\"");
    assertError("x,y,class\n0,a,0\n", 12, "a number from 0 to 8.0 in row 0", "\"a\"");
    assertError("x,y,class\n0,8,2\n", 14, "a whole number from 0 to 1.0 in row 0", "\"2\"");
    assertError("x,y,class\n0,8,0.5\n", 14, "a whole number from 0 to 1.0 in row 0", "\"0.5\"");
    assertError("x,y,class\n0,8,0\n0,8,0\n0,8,0\nend", 28, "the end after 3 rows", "\"end\"");
  }

  @Test
  void aMissingResourceIsNamed() {
    var error = assertThrows(UncheckedIOException.class, PAIRS::load);

    assertEquals("pairs.csv: not in the jar of lanewise-nn", error.getCause().getMessage());
  }

  private static LabeledDataset read(String text) throws IOException {
    return PAIRS.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void assertError(String text, long offset, String expected, String found) {
    var error = assertThrows(FileFormatException.class, () -> read(text));
    assertEquals(
        "pairs.csv: at byte " + offset + ": expected " + expected + ", found " + found,
        error.getMessage());
  }
}
