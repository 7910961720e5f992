package dev.lanewise.nn.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.lanewise.autodiff.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** Writes CSV. Who loads this class has made sure that FastCSV is there. */
final class CsvWriting {
  private CsvWriting() {}

  /** Writes the elements of a tensor in rows of so many, below the names of the columns, if any. */
  static void write(OutputStream out, Tensor values, int columns, String... names)
      throws IOException {
    int count = (int) values.size();
    IntFunction<String> text = texts(values);
    try {
      CsvWriter writer =
          CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out, StandardCharsets.UTF_8);
      if (names.length > 0) {
        writer.writeRecord(names);
      }
      String[] fields = new String[columns];
      for (int at = 0; at < count; at += columns) {
        for (int column = 0; column < columns; column++) {
          fields[column] = text.apply(at + column);
        }
        writer.writeRecord(fields);
      }
      writer.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static IntFunction<String> texts(Tensor values) {
    return switch (values.dtype()) {
      case F16, BF16, F32 -> {
        float[] all = values.toFloatArray();
        yield i -> CsvNumber.text(all[i]);
      }
      case F64 -> {
        double[] all = values.toDoubleArray();
        yield i -> CsvNumber.text(all[i]);
      }
      case I32, I64, BOOL -> {
        long[] all = values.toLongArray();
        yield i -> Long.toString(all[i]);
      }
    };
  }
}
