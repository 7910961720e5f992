package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.io.FileFormatException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a CSV file is said with its line and column. */
class CsvDamageTest {
  private static void assertError(String place, String expected, String found, Executable read) {
    var error = assertThrows(FileFormatException.class, read);
    assertEquals(
        "x.csv: at " + place + ": expected " + expected + ", found " + found, error.getMessage());
    assertEquals("x.csv", error.file());
    assertEquals(place, error.place());
    assertEquals(
        place.startsWith("byte ") ? Long.parseLong(place.substring(5)) : -1, error.offset());
  }

  private static void assertUnreadable(String text, String place, String expected, String found) {
    assertError(place, expected, found, () -> CsvFileTest.read(text));
  }

  @Test
  void raggedRows() {
    assertUnreadable("a,b\n1,2\n\n3\n", "line 4", "2 fields, as in the first row", "1");
    assertUnreadable("a,b\n1,2,3\n", "line 2", "2 fields, as in the first row", "3");
    // A row of two lines counts as two, and is named by its first.
    assertUnreadable("a,b\n\"1\n\",2\n3,4,\n", "line 4", "2 fields, as in the first row", "3");
  }

  @Test
  void emptyFiles() {
    for (String text : new String[] {"", "\n\r\n\n", "\ufeff"}) {
      assertUnreadable(text, "byte 0", "a row of column names", "the end of the data");
    }
    assertError(
        "byte 0",
        "a row",
        "the end of the data",
        () -> CsvFileTest.read("", CsvOptions.defaults().withoutHeader()));
  }

  @Test
  void namesThatAreThereTwice() {
    assertUnreadable("\na,b,a\n", "line 2", "a name of its own for each column", "\"a\" twice");
  }

  @Test
  void quotesThatAreNotClosed() {
    String expected = "the quote that ends a field of this row";
    for (String row : new String[] {"1,\"2\n3,4\n", "1,\"2\"\"", "1,\"", "1,\"\"\"", "\"\"\"a"}) {
      assertUnreadable("a,b\n" + row, "line 2", expected, "the end of the file");
    }
  }

  @Test
  void moreAfterAClosingQuote() {
    assertUnreadable(
        "a,b\n1,\"2\"3\n",
        "line 2",
        "rows of fields, each plain or in quotes as a whole",
        "Unexpected character after closing quote: '3' (0x33)");
  }

  @Test
  void aFieldWithoutEnd() {
    String text = "a\n\"" + "x".repeat((1 << 24) + 1) + "\"\n";
    var error = assertThrows(FileFormatException.class, () -> CsvFileTest.read(text));
    assertEquals("line 2", error.place());
  }

  @Test
  void textWhereANumberIsExpected() throws IOException {
    for (String field : new String[] {"x", "1f", "2d", "0x10", "0x1p3", "1e", "--1", "1 2", "½"}) {
      CsvFile file = CsvFileTest.read("a,b\n1,2\n3," + field + "\n");
      String found = "\"" + field + "\"";
      assertError("line 3, column \"b\"", "a number of f32", found, file::toTensor);
      assertError("line 3, column \"b\"", "a number of f32", found, () -> file.column("b"));
      assertError("line 3, column \"b\"", "a number of f32", found, () -> file.labeled("a"));
    }
    CsvFile large = CsvFileTest.read("a,b\n1e39,1e400\n");
    assertError("line 2, column \"a\"", "a number of f32", "\"1e39\"", large::toTensor);
    assertError(
        "line 2, column \"b\"", "a number of f64", "\"1e400\"", () -> large.toTensor(DType.F64));
  }

  @Test
  void missingLabels() throws IOException {
    CsvFile file = CsvFileTest.read("a,b\n1,x\n3,\n");
    assertError("line 3, column \"b\"", "a class", "\"\"", () -> file.labeled("b"));
    CsvFile none = CsvFileTest.read("a,b\n");
    assertError("its end", "at least one row of data", "none", () -> none.labeled("b"));
  }

  @Test
  void bytesThatAreNoText() {
    byte[] bytes = ("a\n" + "x".repeat(100_000) + "?\n").getBytes(StandardCharsets.US_ASCII);
    bytes[100_002] = (byte) 0xe9; // é in ISO-8859-1, then no byte that can follow it
    String expected = "text in UTF-8, or other options: withCharset";
    assertError("byte 100002", expected, "0xe9", () -> read(new ByteArrayInputStream(bytes)));
    byte[] cut = {'a', '\n', (byte) 0xe5, (byte) 0x90};
    assertError("byte 2", expected, "0xe590", () -> read(new ByteArrayInputStream(cut)));
  }

  @Test
  void errorsOfTheStreamComeThroughAndItIsClosed() {
    IOException broken = new IOException("broken");
    boolean[] closed = new boolean[1];
    InputStream in =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            throw broken;
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    assertFalse(closed[0]);
    assertSame(broken, assertThrows(IOException.class, () -> read(in)));
    assertTrue(closed[0]);
  }

  @Test
  void foldersAndFilesThatAreNotThere(@TempDir Path folder) {
    var missing =
        assertThrows(NoSuchFileException.class, () -> CsvFile.read(folder.resolve("no.csv")));
    assertTrue(missing.getMessage().endsWith("no.csv: no such CSV file; check the spelling"));
    var wrong = assertThrows(FileFormatException.class, () -> CsvFile.read(folder));
    assertEquals(folder + ": at byte 0: expected a CSV file, found a folder", wrong.getMessage());
  }

  private static CsvFile read(InputStream in) throws IOException {
    return CsvFile.read(in, "x.csv", CsvOptions.defaults());
  }
}
