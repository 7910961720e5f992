package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A small table that is part of this library: rows of numbers parted by commas, the last the label.
 * It is read without FastCSV, which need not be there.
 *
 * @param resource the file, beside this class; gzip-compressed if its name says so
 * @param header the lines before the first row
 * @param rows the number of rows
 * @param sampleShape the shape of the features of one row
 * @param max the largest value of a feature; the smallest is 0
 * @param divisor what features are divided by
 * @param classNames the names of the classes, by label
 */
record BundledTable(
    String resource,
    List<String> header,
    int rows,
    int[] sampleShape,
    float max,
    float divisor,
    List<String> classNames) {

  /** Reads the bundled file. That it cannot be read means that the library's jar is damaged. */
  LabeledDataset load() {
    try (InputStream in = BundledTable.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + ": not in the jar of lanewise-nn");
      }
      return read(resource.endsWith(".gz") ? new GZIPInputStream(in) : in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a table of this form from uncompressed text. */
  LabeledDataset read(InputStream text) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.US_ASCII));
    long offset = 0;
    for (String expected : header) {
      String line = reader.readLine();
      if (!expected.equals(line)) {
        throw new FileFormatException(resource, offset, quoted(expected), quoted(line));
      }
      offset += line.length() + 1;
    }
    int columns = 1;
    for (int dim : sampleShape) {
      columns *= dim;
    }
    float[] features = new float[rows * columns];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      String line = reader.readLine();
      String[] fields = line == null ? new String[0] : line.split(",", -1);
      if (fields.length != columns + 1) {
        throw new FileFormatException(
            resource, offset, "row %d of %d fields".formatted(row, columns + 1), quoted(line));
      }
      for (int column = 0; column < columns; column++) {
        features[row * columns + column] =
            number(fields[column], max, false, row, offset) / divisor;
        offset += fields[column].length() + 1;
      }
      labels[row] = (int) number(fields[columns], classNames.size() - 1, true, row, offset);
      offset += fields[columns].length() + 1;
    }
    String more = reader.readLine();
    if (more != null) {
      throw new FileFormatException(
          resource, offset, "the end after %d rows".formatted(rows), quoted(more));
    }
    return LabeledDataset.of(features, sampleShape, labels, classNames);
  }

  private float number(String field, float largest, boolean whole, int row, long offset)
      throws FileFormatException {
    try {
      float value = Float.parseFloat(field);
      if (value >= 0 && value <= largest && (!whole || value == (int) value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // reported below, as a number out of range is
    }
    throw new FileFormatException(
        resource,
        offset,
        "a %snumber from 0 to %s in row %d".formatted(whole ? "whole " : "", largest, row),
        quoted(field));
  }

  private static String quoted(String text) {
    return text == null ? "the end of the data" : "\"" + text + "\"";
  }
}
