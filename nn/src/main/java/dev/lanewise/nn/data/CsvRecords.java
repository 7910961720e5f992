package dev.lanewise.nn.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes the records of a CSV file, field by field, into columns. FastCSV's parser calls it; who
 * loads this class has made sure that FastCSV is there.
 */
final class CsvRecords extends AbstractBaseCsvCallbackHandler<CsvRecords> {
  private final String name;
  private final CsvOptions options;

  /** The fields of the first record, until they have become columns. */
  private final List<String> first = new ArrayList<>();

  private final List<CsvColumn> columns = new ArrayList<>();

  /** The line in which each row starts. */
  private long[] lines = new long[2];

  private int rows;

  /** What is wrong with the last record, unless the file ends in its quotes. */
  private FileFormatException ragged;

  private CsvRecords(String name, CsvOptions options) {
    this.name = name;
    this.options = options;
  }

  /** Reads all of a stream, and closes it. */
  static CsvFile read(InputStream in, String name, CsvOptions options) throws IOException {
    CsvRecords records = new CsvRecords(name, options);
    CsvText text = new CsvText(in, name, options);
    try (CsvReader<CsvRecords> reader =
        CsvReader.builder()
            .fieldSeparator(options.separator())
            .quoteCharacter(options.quote())
            .skipEmptyLines(true)
            // Rows of other lengths are reported here, with their line.
            .allowMissingFields(true)
            .allowExtraFields(true)
            .build(records, text)) {
      for (CsvRecords record : reader) {
        record.endRecord();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      throw records.parseError(e);
    }
    if (text.isInQuotes()) {
      throw records.error("the quote that ends a field of this row", "the end of the file");
    }
    records.requireEven();
    return records.file();
  }

  @Override
  protected void handleField(int index, char[] chars, int from, int length, boolean quoted) {
    if (columns.isEmpty()) {
      first.add(new String(chars, from, length));
    } else if (index < columns.size()) {
      append(columns.get(index), chars, from, length);
    }
  }

  private void append(CsvColumn column, char[] chars, int from, int length) {
    if (!column.append(chars, from, length)) {
      throw new UncheckedIOException(
          error("less than 2 GB of text in column \"" + column.name() + "\"", "more"));
    }
  }

  @Override
  protected CsvRecords buildRecord() {
    return this;
  }

  private void endRecord() throws FileFormatException {
    requireEven();
    boolean isFirst = columns.isEmpty();
    if (isFirst) {
      makeColumns();
    }
    if (getFieldCount() != columns.size()) {
      ragged =
          error("%d fields, as in the first row".formatted(columns.size()), getFieldCount() + "");
    }
    if (!isFirst || !options.header()) {
      if (rows == lines.length) {
        lines = Arrays.copyOf(lines, 2 * rows);
      }
      lines[rows++] = getStartingLineNumber();
    }
  }

  private void requireEven() throws FileFormatException {
    if (ragged != null) {
      throw ragged;
    }
  }

  private void makeColumns() throws FileFormatException {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < first.size(); i++) {
      String field = first.get(i);
      CsvColumn column = new CsvColumn(options.header() ? field : i + "");
      if (!names.add(column.name())) {
        throw error("a name of its own for each column", "\"" + field + "\" twice");
      }
      columns.add(column);
      if (!options.header()) {
        append(column, field.toCharArray(), 0, field.length());
      }
    }
    first.clear();
  }

  private CsvFile file() throws FileFormatException {
    if (columns.isEmpty()) {
      throw new FileFormatException(
          name, 0, options.header() ? "a row of column names" : "a row", "the end of the data");
    }
    return new CsvFile(name, options, new CsvColumns(name, columns), Arrays.copyOf(lines, rows));
  }

  private IOException parseError(CsvParseException e) {
    Throwable cause = e;
    // FastCSV wraps all that is thrown while it parses, running out of memory too.
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io
        ? io
        : error("rows of fields, each plain or in quotes as a whole", cause.getMessage());
  }

  private FileFormatException error(String expected, String found) {
    return new FileFormatException(name, "line " + getStartingLineNumber(), expected, found);
  }
}
