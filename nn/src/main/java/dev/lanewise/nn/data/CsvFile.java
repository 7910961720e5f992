package dev.lanewise.nn.data;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.NewFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table read from a CSV file: named columns of text, which become numbers when they are asked
 * for.
 *
 * <p>{@link CsvOptions} say how the file is written down: by default with commas, double quotes, a
 * row of column names and UTF-8. Empty lines are skipped. Names and texts are exactly what the file
 * has, spaces too.
 *
 * <p>A number is what {@code 12}, {@code -1.5} and {@code 6.02e23} look like, {@code NaN}, or
 * {@code inf} or {@code infinity} with or without a sign, in any case, with or without spaces
 * around it. It becomes the nearest one of its type; a finite one that is too large for it is an
 * error. An empty field and {@code NA} are missing numbers: an error, unless {@link
 * CsvOptions#withMissingAsNaN} makes them NaN.
 *
 * <p>Files are not trusted: what is wrong with one is a {@link FileFormatException} that names the
 * line and the column, and memory grows with what the file really holds. A column ends at 2 GB, a
 * field at 16 Mi characters.
 *
 * <p>FastCSV does the parsing ({@code de.siegmar:fastcsv}), which the rest of Lanewise does
 * without. On the module path, start Java with {@code --add-modules de.siegmar.fastcsv}, or let the
 * program's module require it; {@code lanewise run} has it.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.CsvFile;
 * import java.nio.file.Path;
 *
 * void main(String[] args) throws Exception {
 *   CsvFile iris = CsvFile.read(Path.of(args[0]));
 *   IO.println(iris + ": " + iris.columnNames());
 *   var data = iris.labeled("species"); // the class of each row; the other columns are numbers
 *   var widths = iris.select("sepal_width", "petal_width").toTensor(); // [150, 2]
 *   CsvFile.write(Path.of("widths.csv"), widths, "sepal_width", "petal_width");
 * }
 * }
 */
public final class CsvFile {
  private final String name;
  private final CsvOptions options;
  private final CsvColumns columns;

  /** The line of the file in which each row starts. */
  private final long[] lines;

  CsvFile(String name, CsvOptions options, CsvColumns columns, long[] lines) {
    this.name = name;
    this.options = options;
    this.columns = columns;
    this.lines = lines;
  }

  /**
   * Reads a whole file with commas, double quotes, a row of column names, in UTF-8.
   *
   * @param path the file
   * @return its table
   * @throws NoSuchFileException if there is no such file
   * @throws FileFormatException if the file is empty or no text, if a row has more or fewer fields
   *     than the first, if two columns have the same name, or if a quote is not closed
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if FastCSV is not there
   */
  public static CsvFile read(Path path) throws IOException {
    return read(path, CsvOptions.defaults());
  }

  /**
   * Reads a whole file.
   *
   * @param path the file
   * @param options how it is written down
   * @return its table
   * @throws NoSuchFileException if there is no such file
   * @throws FileFormatException if the file is empty or no text, if a row has more or fewer fields
   *     than the first, if two columns have the same name, or if a quote is not closed
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if FastCSV is not there
   */
  public static CsvFile read(Path path, CsvOptions options) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FileFormatException(path.toString(), 0, "a CSV file", "a folder");
    }
    InputStream in;
    try {
      in = Files.newInputStream(path);
    } catch (NoSuchFileException _) {
      throw new NoSuchFileException(path.toString(), null, "no such CSV file; check the spelling");
    }
    return read(in, path.toString(), options);
  }

  /**
   * Reads a whole stream, to its end, and closes it: a resource, or a file that is compressed.
   *
   * @param in the stream
   * @param name what error messages call it
   * @param options how it is written down
   * @return its table
   * @throws FileFormatException if the stream is empty or no text, if a row has more or fewer
   *     fields than the first, if two columns have the same name, or if a quote is not closed
   * @throws IOException if the stream cannot be read
   * @throws IllegalStateException if FastCSV is not there
   */
  public static CsvFile read(InputStream in, String name, CsvOptions options) throws IOException {
    try (in) {
      FastCsv.require();
      return CsvRecords.read(in, name, options);
    }
  }

  /**
   * Writes numbers as a CSV file with commas, in UTF-8. Each is the shortest text that is read as
   * the same number; truth values are 1 and 0. A file that is there is replaced once the new one is
   * whole.
   *
   * @param path the file
   * @param values {@code [rows, columns]}, or {@code [rows]} for one column, of any type
   * @param columnNames a name for each column, none twice and none blank; or none at all for a file
   *     without a row of names
   * @throws ShapeException if the tensor has not one or two axes, or no column
   * @throws IllegalArgumentException if there is another number of names, or a name is blank or
   *     there twice
   * @throws IOException if writing fails; what was there is then as it was
   * @throws IllegalStateException if FastCSV is not there
   */
  public static void write(Path path, Tensor values, String... columnNames) throws IOException {
    Shape shape = values.shape();
    int columns = shape.rank() == 1 ? 1 : shape.rank() == 2 ? shape.dim(1) : 0;
    if (columns == 0) {
      throw new ShapeException(
          "CsvFile.write: a table is [rows, columns] or [rows], with at least one column, not "
              + shape);
    }
    String[] names = columnNames.clone();
    if (names.length != 0 && names.length != columns) {
      throw new IllegalArgumentException(
          "CsvFile.write: %d names for the %d columns of %s"
              .formatted(names.length, columns, shape));
    }
    Set<String> seen = new HashSet<>();
    for (String each : names) {
      if (each.isBlank() || !seen.add(each)) {
        throw new IllegalArgumentException(
            "CsvFile.write: each column needs a name of its own, but \"%s\" is %s"
                .formatted(each, each.isBlank() ? "blank" : "there twice"));
      }
    }
    FastCsv.require();
    NewFile.write(path, out -> CsvWriting.write(out, values, columns, names));
  }

  /** {@return the names of the columns, from the left; "0", "1", ... where the file has none} */
  public List<String> columnNames() {
    return columns.names();
  }

  /** {@return the number of rows, without that of the names} */
  public int rows() {
    return lines.length;
  }

  /**
   * {@return a table of some columns, in the order given, over the same data}
   *
   * @param names the columns
   * @throws IllegalArgumentException if there is no such column, or one is named twice
   */
  public CsvFile select(String... names) {
    return select(Arrays.stream(names).mapToInt(columns::place).toArray());
  }

  /**
   * {@return a table of some columns, in the order given, over the same data}
   *
   * @param numbers the columns, from 0
   * @throws IndexOutOfBoundsException if there is no such column
   * @throws IllegalArgumentException if no column is given, or one twice
   */
  public CsvFile select(int... numbers) {
    return new CsvFile(name, options, columns.select(numbers), lines);
  }

  /**
   * {@return a table of all columns but some, over the same data}
   *
   * @param names the columns to leave out
   * @throws IllegalArgumentException if there is no such column, or no other
   */
  public CsvFile without(String... names) {
    Set<Integer> dropped = Arrays.stream(names).map(columns::place).collect(Collectors.toSet());
    return select(IntStream.range(0, columns.size()).filter(i -> !dropped.contains(i)).toArray());
  }

  /**
   * {@return the texts of a column, from the top}
   *
   * @param column its name
   * @throws IllegalArgumentException if there is no such column
   */
  public List<String> texts(String column) {
    CsvColumn texts = columns.get(columns.place(column));
    return IntStream.range(0, rows()).mapToObj(texts::get).toList();
  }

  /**
   * {@return the numbers of a column as f32, {@code [rows]}}
   *
   * @param name its name
   * @throws IllegalArgumentException if there is no such column
   * @throws FileFormatException if a field is no number
   */
  public Tensor column(String name) throws FileFormatException {
    return select(name).toTensor().reshape(rows());
  }

  /**
   * {@return the numbers of all columns as f32, {@code [rows, columns]}}
   *
   * @throws FileFormatException if a field is no number
   * @throws IllegalArgumentException if there are more than one array holds, 2³¹
   */
  public Tensor toTensor() throws FileFormatException {
    return toTensor(DType.F32);
  }

  /**
   * {@return the numbers of all columns, {@code [rows, columns]}}
   *
   * @param dtype {@link DType#F32} or {@link DType#F64}
   * @throws DTypeException if it is another type
   * @throws FileFormatException if a field is no number
   * @throws IllegalArgumentException if there are more than one array holds, 2³¹
   */
  public Tensor toTensor(DType dtype) throws FileFormatException {
    if (dtype == DType.F32) {
      return Tensor.of(floats(), rows(), columns.size());
    }
    if (dtype != DType.F64) {
      throw new DTypeException("CsvFile.toTensor: numbers are read as f32 or f64, not " + dtype);
    }
    double[] values = new double[size()];
    for (int column = 0; column < columns.size(); column++) {
      for (int row = 0; row < rows(); row++) {
        values[row * columns.size() + column] = number(row, column, DType.F64);
      }
    }
    return Tensor.of(values, rows(), columns.size());
  }

  /**
   * {@return the rows as samples: one column has the class of each, the others are its features}
   *
   * <p>The classes are what the column holds, sorted: by value if all are whole numbers, else as
   * texts. For files that may lack a class, give the names, so that the same label means the same
   * class in all of them.
   *
   * @param labelColumn the column of the classes
   * @throws IllegalArgumentException if there is no such column, or no other
   * @throws FileFormatException if there is no row, if a label is missing (empty or {@code NA}), or
   *     if a field of another column is no number
   */
  public LabeledDataset labeled(String labelColumn) throws FileFormatException {
    List<String> labels = texts(labelColumn);
    for (int row = 0; row < labels.size(); row++) {
      if (CsvNumber.isMissing(labels.get(row))) {
        throw error(row, columns.place(labelColumn), "a class");
      }
    }
    return labeled(labelColumn, CsvNumber.sorted(labels));
  }

  /**
   * {@return the rows as samples, of given classes}
   *
   * @param labelColumn the column of the classes
   * @param classNames what the column may hold, by label: a row of the first has the label 0
   * @throws IllegalArgumentException if there is no such column, or no other, or if a class is
   *     given twice
   * @throws FileFormatException if there is no row, if a label is not among the classes, or if a
   *     field of another column is no number
   */
  public LabeledDataset labeled(String labelColumn, List<String> classNames)
      throws FileFormatException {
    CsvColumn texts = columns.get(columns.place(labelColumn));
    CsvFile features = without(labelColumn);
    Map<String, Integer> byName = new HashMap<>();
    for (String each : classNames) {
      if (byName.put(each, byName.size()) != null) {
        throw new IllegalArgumentException(
            "CsvFile.labeled: class \"" + each + "\" is given twice");
      }
    }
    if (rows() == 0) {
      throw new FileFormatException(name, "its end", "at least one row of data", "none");
    }
    int[] labels = new int[rows()];
    for (int row = 0; row < labels.length; row++) {
      Integer label = byName.get(texts.get(row));
      if (label == null) {
        throw error(
            row, columns.place(labelColumn), "one of the classes " + CsvColumns.listed(classNames));
      }
      labels[row] = label;
    }
    int[] sampleShape = {features.columns.size()};
    return LabeledDataset.of(features.floats(), sampleShape, labels, classNames);
  }

  private float[] floats() throws FileFormatException {
    float[] values = new float[size()];
    for (int column = 0; column < columns.size(); column++) {
      for (int row = 0; row < rows(); row++) {
        values[row * columns.size() + column] = (float) number(row, column, DType.F32);
      }
    }
    return values;
  }

  private int size() {
    long size = (long) rows() * columns.size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "CsvFile: %s exceed one array; select some columns".formatted(this));
    }
    return (int) size;
  }

  private double number(int row, int column, DType dtype) throws FileFormatException {
    String field = columns.get(column).get(row);
    if (CsvNumber.isMissing(field)) {
      if (options.missingAsNaN()) {
        return Double.NaN;
      }
      throw error(row, column, "a number (or the option withMissingAsNaN)");
    }
    try {
      return CsvNumber.parse(field, dtype);
    } catch (NumberFormatException _) {
      throw error(row, column, "a number of " + dtype);
    }
  }

  private FileFormatException error(int row, int column, String expected) {
    CsvColumn fields = columns.get(column);
    return new FileFormatException(
        name,
        "line %d, column \"%s\"".formatted(lines[row], fields.name()),
        expected,
        "\"" + fields.get(row) + "\"");
  }

  /** {@return the file and its extents, such as {@code iris.csv: 150 rows of 5 columns}} */
  @Override
  public String toString() {
    return "%s: %d rows of %d columns".formatted(name, rows(), columns.size());
  }
}
