package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;

/**
 * The characters of a CSV file, without a byte order mark. Bytes that are no text are an error that
 * says where they are, and not question marks in the data.
 */
final class CsvText extends Reader {
  /** Where in a field the text is. */
  private enum Place {
    START,
    PLAIN,
    QUOTED,
    /** After a quote in a quoted field: its end, or the first of two quotes that stand for one. */
    AFTER_QUOTE
  }

  private static final int BUFFER = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final InputStream in;
  private final String name;
  private final CsvOptions options;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();

  /** How many bytes were there before those in the buffer. */
  private long passed;

  private boolean started;
  private boolean ended;
  private Place place = Place.START;

  /** Whether in these quotes a CR came, and no LF after it. */
  private boolean quotedReturn;

  CsvText(InputStream in, String name, CsvOptions options) {
    this.in = in;
    this.name = name;
    this.options = options;
    this.decoder =
        options
            .charset()
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** {@return whether a quote is open} FastCSV 4.1 takes the end of the file for its end. */
  boolean isInQuotes() {
    return place == Place.QUOTED;
  }

  /** Reads some characters; there must be room for two, which some take. */
  @Override
  public int read(char[] chars, int from, int length) throws IOException {
    CharBuffer out = CharBuffer.wrap(chars, from, length);
    while (out.position() == from) {
      CoderResult result = decoder.decode(bytes, out, ended);
      if (result.isError()) {
        throw noText(result.length());
      }
      int count = out.position() - from;
      if (!started && count > 0) {
        started = true;
        if (chars[from] == BYTE_ORDER_MARK) {
          System.arraycopy(chars, from + 1, chars, from, count - 1);
          out.position(out.position() - 1);
        }
      }
      if (out.position() == from) {
        if (ended) {
          return -1;
        }
        fill();
      }
    }
    for (int i = from; i < out.position(); i++) {
      chars[i] = follow(chars[i]);
    }
    return out.position() - from;
  }

  /**
   * Follows the fields, and mends what FastCSV 4.1 would lose: after a quoted field with a CR and
   * no LF after it, it takes a LF for the second half of that line end, and drops the field.
   *
   * @return the character; a CR in place of such a LF
   */
  private char follow(char c) {
    if (place == Place.QUOTED) {
      if (c == options.quote()) {
        place = Place.AFTER_QUOTE;
      } else if (c == '\r' || c == '\n') {
        quotedReturn = c == '\r';
      }
      return c;
    }
    if (c == options.quote() && place != Place.PLAIN) {
      place = Place.QUOTED;
      quotedReturn = false;
      return c;
    }
    boolean lost = c == '\n' && place == Place.AFTER_QUOTE && quotedReturn;
    boolean ends = c == options.separator() || c == '\n' || c == '\r';
    place = ends ? Place.START : Place.PLAIN;
    return lost ? '\r' : c;
  }

  private void fill() throws IOException {
    passed += bytes.position();
    bytes.compact();
    int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
    if (count < 0) {
      ended = true;
    } else {
      bytes.position(bytes.position() + count);
    }
    bytes.flip();
  }

  private FileFormatException noText(int length) {
    byte[] wrong = new byte[length];
    bytes.get(bytes.position(), wrong);
    return new FileFormatException(
        name,
        passed + bytes.position(),
        "text in " + decoder.charset() + ", or other options: withCharset",
        "0x" + HexFormat.of().formatHex(wrong));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
