package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.io.FileFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {
  private static final CsvOptions DEFAULTS = CsvOptions.defaults();

  static CsvFile read(String text, CsvOptions options) throws IOException {
    byte[] bytes = text.getBytes(options.charset());
    return CsvFile.read(new ByteArrayInputStream(bytes), "x.csv", options);
  }

  static CsvFile read(String text) throws IOException {
    return read(text, DEFAULTS);
  }

  @Test
  void namesRowsAndNumbers(@TempDir Path folder) throws IOException {
    Path path = Files.writeString(folder.resolve("t.csv"), "a,b,c\n1,2.5,-3e2\n\n4, 5 ,.5\n");

    CsvFile file = CsvFile.read(path);

    assertEquals(path + ": 2 rows of 3 columns", file.toString());
    assertEquals(List.of("a", "b", "c"), file.columnNames());
    assertEquals(2, file.rows());
    assertArrayEquals(new int[] {2, 3}, file.toTensor().shape().dims());
    assertArrayEquals(new float[] {1, 2.5f, -300, 4, 5, 0.5f}, file.toTensor().toFloatArray());
    assertEquals(List.of("2.5", " 5 "), file.texts("b"));
    assertArrayEquals(new int[] {2}, file.column("b").shape().dims());
    assertArrayEquals(new float[] {2.5f, 5}, file.column("b").toFloatArray());
  }

  @Test
  void columnsAreSelectedByNameAndByNumber() throws IOException {
    CsvFile file = read("a,b,c\n1,2,x\n4,5,y\n");

    assertArrayEquals(new float[] {2, 1, 5, 4}, file.select("b", "a").toTensor().toFloatArray());
    assertArrayEquals(new float[] {2, 1, 5, 4}, file.select(1, 0).toTensor().toFloatArray());
    assertEquals(List.of("a", "b"), file.without("c").columnNames());
    assertEquals(List.of("x", "y"), file.select("c").texts("c"));
    var unknown = assertThrows(IllegalArgumentException.class, () -> file.select("a", "d"));
    assertEquals(
        "CsvFile: x.csv has no column \"d\"; its columns are \"a\", \"b\", \"c\"",
        unknown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> file.select("a").column("b"));
    assertThrows(IllegalArgumentException.class, () -> file.select("a", "a"));
    assertThrows(IllegalArgumentException.class, () -> file.without("a", "b", "c"));
    assertThrows(IndexOutOfBoundsException.class, () -> file.select(3));
    assertThrows(IndexOutOfBoundsException.class, () -> file.select(-1));
    String wide = IntStream.range(0, 785).mapToObj(i -> "p" + i).collect(Collectors.joining(","));
    CsvFile many = read(wide);
    var error = assertThrows(IllegalArgumentException.class, () -> many.column("q"));
    assertTrue(error.getMessage().endsWith("\"p19\" and 765 more"), error.getMessage());
  }

  @Test
  void withoutAHeaderColumnsAreNumbered() throws IOException {
    CsvFile file = read("1;2\r\n3;4\r\n", DEFAULTS.withSeparator(';').withoutHeader());

    assertEquals(List.of("0", "1"), file.columnNames());
    assertArrayEquals(new float[] {1, 2, 3, 4}, file.toTensor().toFloatArray());
    assertArrayEquals(new float[] {2, 4}, file.column("1").toFloatArray());
  }

  @Test
  void aHeaderAloneIsATableOfNoRows() throws IOException {
    CsvFile file = read("a,b");

    assertEquals(0, file.rows());
    assertArrayEquals(new int[] {0, 2}, file.toTensor().shape().dims());
    assertArrayEquals(new int[] {0}, file.column("b").shape().dims());
    assertEquals(List.of(), file.texts("a"));
  }

  @Test
  void lineEndsOfAllKinds() throws IOException {
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (String last : List.of("", end)) {
        CsvFile file = read(String.join(end, "a,b", "1,2", "3,\"4\"") + last);
        assertArrayEquals(new float[] {1, 2, 3, 4}, file.toTensor().toFloatArray());
      }
    }
  }

  @Test
  void quotesEncloseSeparatorsQuotesAndLineEnds() throws IOException {
    CsvFile file = read("\"a,b\",c\n\"say \"\"hi\"\"\n\",2\n5\" pipe,\"\"\n");

    assertEquals(List.of("a,b", "c"), file.columnNames());
    assertEquals(List.of("say \"hi\"\n", "5\" pipe"), file.texts("a,b"));
    assertEquals(List.of("2", ""), file.texts("c"));
    CsvFile single = read("a,b\n'x,y','it''s'\n", DEFAULTS.withQuote('\''));
    assertEquals(List.of("x,y"), single.texts("a"));
    assertEquals(List.of("it's"), single.texts("b"));
  }

  /** A CR in a quoted field is no half of the line end after it. */
  @Test
  void returnsInQuotedFields() throws IOException {
    assertEquals(
        List.of("x\r", "y", "\"\r", "\r\""),
        read("a\n\"x\r\"\ny\n\"\"\"\r\"\n\"\r\"\"\"\n").texts("a"));
    assertEquals(List.of("\r", "\nz"), read("a\r\"\r\"\r\"\nz\"\r").texts("a"));
    assertEquals(List.of("x\r", "\r\n"), read("a\r\n\"x\r\"\r\n\"\r\n\"\r\n").texts("a"));
    assertEquals(List.of("x\ry", "\r\n\rz"), read("a\n\"x\ry\"\n\"\r\n\rz\"\n").texts("a"));
    CsvFile file = read("a,b\n\"\r\",\"\r\"\n1,2\n");
    assertEquals(List.of("\r", "2"), file.texts("b"));
    assertEquals(List.of("\r", "1"), file.texts("a"));
  }

  @Test
  void encodingsAndByteOrderMarks() throws IOException {
    String text = "größe,名前\n1,\uD83D\uDE00é\n";
    for (String mark : List.of("", "\ufeff")) {
      CsvFile file = read(mark + text);
      assertEquals(List.of("größe", "名前"), file.columnNames());
      assertEquals(List.of("\uD83D\uDE00é"), file.texts("名前"));
    }
    CsvOptions wide = DEFAULTS.withCharset(StandardCharsets.UTF_16); // writes a mark
    assertEquals(List.of("größe", "名前"), read(text, wide).columnNames());
    CsvOptions old = DEFAULTS.withCharset(StandardCharsets.ISO_8859_1);
    assertEquals(List.of("é"), read("a\né\n", old).texts("a"));
  }

  /** Characters of two to four bytes cross every border of the buffers. */
  @Test
  void longTextsInPieces() throws IOException {
    for (int shift = 0; shift < 4; shift++) {
      String text = "x".repeat(shift) + "é名\uD83D\uDE00".repeat(30_000);
      assertEquals(List.of(text), read("a\n" + text + "\n").texts("a"));
    }
  }

  @Test
  void numbersAreTheNearestOfTheirType() throws IOException {
    CsvFile file =
        read("a\n16777217\n9007199254740993\n0.1\n1e-400\n3.4028235e38\n-0\n+7\n1E2\n00012\n");

    assertArrayEquals(
        new float[] {1 << 24, 0x1p53f, 0.1f, 0, Float.MAX_VALUE, -0f, 7, 100, 12},
        file.toTensor().toFloatArray());
    assertArrayEquals(
        new double[] {16777217, 0x1p53, 0.1, 0, 3.4028235e38, -0.0, 7, 100, 12},
        file.toTensor(DType.F64).toDoubleArray());
    // As f64 this rounds to halfway between two f32s, and from there to the wrong one.
    assertArrayEquals(
        new float[] {Math.nextUp(1f)},
        read("a\n1.000000059604644775390626\n").toTensor().toFloatArray());
    assertThrows(DTypeException.class, () -> file.toTensor(DType.I64));
  }

  @Test
  void infinitiesAndNaN() throws IOException {
    float[] values = read("a\nNaN\nnan\ninf\n-Infinity\n+INF\n").toTensor().toFloatArray();

    float inf = Float.POSITIVE_INFINITY;
    assertArrayEquals(new float[] {Float.NaN, Float.NaN, inf, -inf, inf}, values);
  }

  @Test
  void missingNumbersAreNaNForWhoSaysSo() throws IOException {
    String text = "a,b\n1,\nNA,2\n\" \",3\n";
    float nan = Float.NaN;

    CsvFile file = read(text, DEFAULTS.withMissingAsNaN());

    assertArrayEquals(new float[] {1, nan, nan, 2, nan, 3}, file.toTensor().toFloatArray());
    assertArrayEquals(new float[] {1, nan, nan}, file.column("a").toFloatArray());
    assertEquals(List.of("1", "NA", " "), file.texts("a"));
    var error = assertThrows(FileFormatException.class, () -> read(text).toTensor());
    assertEquals(
        "x.csv: at line 3, column \"a\": expected a number (or the option withMissingAsNaN),"
            + " found \"NA\"",
        error.getMessage());
  }

  @Test
  void labelsAreSortedTexts() throws IOException {
    LabeledDataset data = read("x,kind,y\n1,b,2\n3,c,4\n5,a,6\n7,b,8\n").labeled("kind");

    assertEquals(List.of("a", "b", "c"), data.classNames());
    assertArrayEquals(new int[] {1, 2, 0, 1}, data.labels());
    assertArrayEquals(new int[] {4, 2}, data.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, data.features());
  }

  @Test
  void wholeNumbersAreSortedByValue() throws IOException {
    LabeledDataset data = read("x,k\n1,10\n3,9\n5,-1\n7,10\n").labeled("k");

    assertEquals(List.of("-1", "9", "10"), data.classNames());
    assertArrayEquals(new int[] {2, 1, 0, 2}, data.labels());
    assertEquals(List.of("10", "9", "x"), read("x,k\n1,10\n3,9\n5,x\n").labeled("k").classNames());
  }

  @Test
  void labelsOfGivenClasses() throws IOException {
    CsvFile file = read("x,k\n1,no\n3,yes\n");

    LabeledDataset data = file.labeled("k", List.of("yes", "no", "perhaps"));

    assertEquals(List.of("yes", "no", "perhaps"), data.classNames());
    assertArrayEquals(new int[] {1, 0}, data.labels());
    var other = assertThrows(FileFormatException.class, () -> file.labeled("k", List.of("yes")));
    assertEquals(
        "x.csv: at line 2, column \"k\": expected one of the classes \"yes\", found \"no\"",
        other.getMessage());
    assertThrows(IllegalArgumentException.class, () -> file.labeled("k", List.of("no", "no")));
    assertThrows(IllegalArgumentException.class, () -> file.labeled("class"));
    assertThrows(IllegalArgumentException.class, () -> file.select("k").labeled("k"));
  }

  @Test
  void optionsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withSeparator('"'));
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withQuote(','));
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withSeparator('\n'));
    var error = assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withQuote('\r'));
    assertTrue(error.getMessage().endsWith("but are ',' and \\u000d"), error.getMessage());
    assertThrows(NullPointerException.class, () -> DEFAULTS.withCharset((Charset) null));
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> text =
        Arbitraries.strings().withChars("ab \",;'\n\r\té名1").ofMinLength(0).ofMaxLength(6);
    return Arbitraries.integers()
        .between(1, 4)
        .flatMap(columns -> text.list().ofSize(columns).list().ofMinSize(1).ofMaxSize(6));
  }

  @Property(tries = 300)
  void textsAreReadAsTheyWereQuoted(
      @ForAll("tables") List<List<String>> table, @ForAll boolean windows) throws IOException {
    List<String> names = table.getFirst();
    Assume.that(names.stream().distinct().count() == names.size());
    String text =
        table.stream()
            .map(
                row ->
                    row.stream()
                        .map(field -> "\"" + field.replace("\"", "\"\"") + "\"")
                        .collect(Collectors.joining(",")))
            .collect(Collectors.joining(windows ? "\r\n" : "\n"));

    CsvFile file = read(text);

    assertEquals(names, file.columnNames());
    assertEquals(table.size() - 1, file.rows());
    for (int column = 0; column < names.size(); column++) {
      int at = column;
      assertEquals(
          table.stream().skip(1).map(row -> row.get(at)).toList(), file.texts(names.get(column)));
    }
  }
}
