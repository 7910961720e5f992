package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvWriteTest {
  @TempDir private Path folder;

  private String written(Tensor values, String... names) throws IOException {
    Path file = folder.resolve("t.csv");
    CsvFile.write(file, values, names);
    return Files.readString(file);
  }

  @Test
  void numbersAreShort() throws IOException {
    Tensor floats = Tensor.of(new float[] {1, 0.1f, -0f, 1e10f, 1.5e-9f, 16777216}, 3, 2);
    assertEquals("a,b\n1,0.1\n-0,1E10\n1.5E-9,1.6777216E7\n", written(floats, "a", "b"));
    assertEquals("0.1\n0.3333333333333333\n", written(Tensor.of(new double[] {0.1, 1 / 3.0})));
    assertEquals("-9\n9007199254740993\n", written(Tensor.of(new long[] {-9, (1L << 53) + 1})));
    Tensor odd = Tensor.of(new float[] {Float.NaN, 1 / 0f, -1 / 0f}, 1, 3);
    assertEquals("NaN,inf,-inf\n", written(odd));
    assertEquals("1\n0\n", written(Tensor.of(new float[] {3, 0}).cast(DType.BOOL)));
    assertEquals("0.5\n", written(Tensor.of(new float[] {0.5f}).cast(DType.F16)));
  }

  @Test
  void viewsAreWrittenByRows() throws IOException {
    Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose();
    assertEquals("1,4\n2,5\n3,6\n", written(matrix));
  }

  @Test
  void namesAreQuotedWhereTheyMust() throws IOException {
    String[] names = {"a,b", "say \"hi\"", "two\nlines", " größe ", "#"};
    Path file = folder.resolve("names.csv");
    CsvFile.write(file, Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 5), names);

    assertEquals(List.of(names), CsvFile.read(file).columnNames());
    assertArrayEquals(new float[] {3}, CsvFile.read(file).column("two\nlines").toFloatArray());
  }

  @Test
  void noRowsAreATableToo() throws IOException {
    assertEquals("a,b\n", written(Tensor.of(new float[0], 0, 2), "a", "b"));
  }

  @Test
  void theOldFileStaysUntilTheNewOneIsWhole() throws IOException {
    Path file = folder.resolve("t.csv");
    Files.writeString(file, "old");
    Tensor matrix = Tensor.of(new float[] {1, 2}, 1, 2);
    for (String[] names : new String[][] {{"a"}, {"a", "a"}, {"a", " "}, {"a", "b", "c"}}) {
      assertThrows(IllegalArgumentException.class, () -> CsvFile.write(file, matrix, names));
    }
    assertEquals("old", Files.readString(file));
    CsvFile.write(file, matrix);
    assertEquals("1,2\n", Files.readString(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
    Path nowhere = folder.resolve("no/t.csv");
    assertThrows(NoSuchFileException.class, () -> CsvFile.write(nowhere, matrix));
  }

  @Test
  void shapesThatAreNoTable() {
    Path file = folder.resolve("t.csv");
    for (int[] shape : new int[][] {{1, 2, 1}, {2, 0}}) {
      Tensor wrong = Tensor.zeros(shape);
      var error = assertThrows(ShapeException.class, () -> CsvFile.write(file, wrong));
      assertTrue(error.getMessage().endsWith(wrong.shape().toString()), error.getMessage());
    }
    assertThrows(ShapeException.class, () -> CsvFile.write(file, Tensor.of(new float[] {1}).sum()));
  }

  @Property(tries = 200)
  void everyFloatComesBack(@ForAll @Size(min = 1, max = 8) List<Integer> bits) throws IOException {
    float[] values = new float[bits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bits.get(i));
    }
    Path file = Files.createTempFile("lanewise", ".csv");
    try {
      CsvFile.write(file, Tensor.of(values));
      CsvFile read = CsvFile.read(file, CsvOptions.defaults().withoutHeader());
      assertArrayEquals(values, read.column("0").toFloatArray());
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 200)
  void everyDoubleComesBack(@ForAll @Size(min = 1, max = 8) List<Long> bits) throws IOException {
    double[] values = bits.stream().mapToDouble(Double::longBitsToDouble).toArray();
    Path file = Files.createTempFile("lanewise", ".csv");
    try {
      CsvFile.write(file, Tensor.of(values, 1, values.length));
      CsvFile read = CsvFile.read(file, CsvOptions.defaults().withoutHeader());
      assertArrayEquals(values, read.toTensor(DType.F64).toDoubleArray());
    } finally {
      Files.delete(file);
    }
  }
}
