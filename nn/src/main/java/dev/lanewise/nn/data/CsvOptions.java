package dev.lanewise.nn.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How a CSV file is written down. Immutable: each method gives changed options.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.CsvFile;
 * import dev.lanewise.nn.data.CsvOptions;
 * import java.nio.file.Path;
 *
 * void main(String[] args) throws Exception {
 *   var options = CsvOptions.defaults().withSeparator('\t').withMissingAsNaN();
 *   IO.println(CsvFile.read(Path.of(args[0]), options));
 * }
 * }
 *
 * @param separator what parts the fields of a row
 * @param quote what encloses a field that holds separators, quotes (each written twice) or line
 *     ends
 * @param header whether the first row names the columns; else they are named "0", "1", ...
 * @param charset the encoding; a byte order mark is skipped
 * @param missingAsNaN whether missing numbers, that is empty fields and {@code NA}, are read as
 *     NaN; else they are an error. {@code NaN} itself is a number
 */
public record CsvOptions(
    char separator, char quote, boolean header, Charset charset, boolean missingAsNaN) {

  /**
   * Makes options.
   *
   * @throws IllegalArgumentException if the separator and the quote are the same or a line end
   */
  public CsvOptions {
    Objects.requireNonNull(charset, "charset");
    if (separator == quote || isLineEnd(separator) || isLineEnd(quote)) {
      throw new IllegalArgumentException(
          "CsvOptions: the separator and the quote must differ and be no line ends, but are %s and %s"
              .formatted(shown(separator), shown(quote)));
    }
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static String shown(char c) {
    return c < ' ' ? "\\u%04x".formatted((int) c) : "'" + c + "'";
  }

  /**
   * {@return commas, double quotes, a header, UTF-8, and no missing numbers: RFC 4180, with line
   * ends of any kind}
   */
  public static CsvOptions defaults() {
    return new CsvOptions(',', '"', true, StandardCharsets.UTF_8, false);
  }

  /**
   * {@return these options with another separator}
   *
   * @param separator what parts the fields of a row, such as {@code ';'} or {@code '\t'}
   * @throws IllegalArgumentException if it is the quote or a line end
   */
  public CsvOptions withSeparator(char separator) {
    return new CsvOptions(separator, quote, header, charset, missingAsNaN);
  }

  /**
   * {@return these options with another quote}
   *
   * @param quote what encloses a field
   * @throws IllegalArgumentException if it is the separator or a line end
   */
  public CsvOptions withQuote(char quote) {
    return new CsvOptions(separator, quote, header, charset, missingAsNaN);
  }

  /** {@return these options for files whose first row is data; columns are named "0", "1", ...} */
  public CsvOptions withoutHeader() {
    return new CsvOptions(separator, quote, false, charset, missingAsNaN);
  }

  /**
   * {@return these options with another encoding}
   *
   * @param charset the encoding
   */
  public CsvOptions withCharset(Charset charset) {
    return new CsvOptions(separator, quote, header, charset, missingAsNaN);
  }

  /**
   * {@return these options with empty fields and {@code NA} read as NaN where numbers are asked}
   */
  public CsvOptions withMissingAsNaN() {
    return new CsvOptions(separator, quote, header, charset, true);
  }
}
