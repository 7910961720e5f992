package dev.lanewise.io;

import java.io.IOException;

/**
 * A data file that is not what it should be: truncated, too long, damaged, of another format, or of
 * the right format with values that make no sense.
 *
 * <p>The message names the file, the place where reading it went wrong, what was expected there and
 * what was found: {@code train-labels-idx1-ubyte.gz: at byte 8: expected a label from 0 to 9, found
 * 11}. Bytes are counted from 0, and in a compressed file they are counted in the uncompressed
 * data. In a text the place may be a line, counted from 1: {@code at line 3, column "age"}.
 */
public final class FileFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The file as it was named by who opened it. */
  private final String file;

  /** Where in the file it went wrong, as the message says it. */
  private final String place;

  /** The byte of the uncompressed data at which the file went wrong, or -1. */
  private final long offset;

  /**
   * Makes the exception.
   *
   * @param file the file, as it was named by who opened it
   * @param offset the byte at which it went wrong, from 0, counted in the uncompressed data
   * @param expected what should be there
   * @param found what is there
   */
  public FileFormatException(String file, long offset, String expected, String found) {
    this(file, offset, expected, found, null);
  }

  /**
   * Makes the exception.
   *
   * @param file the file, as it was named by who opened it
   * @param offset the byte at which it went wrong, from 0, counted in the uncompressed data
   * @param expected what should be there
   * @param found what is there
   * @param cause what reading it has thrown, or {@code null}
   */
  public FileFormatException(
      String file, long offset, String expected, String found, Throwable cause) {
    this(file, "byte " + offset, offset, expected, found, cause);
  }

  /**
   * Makes the exception for a place that is not known as a byte.
   *
   * @param file the file, as it was named by who opened it
   * @param place where it went wrong, such as {@code line 3}
   * @param expected what should be there
   * @param found what is there
   */
  public FileFormatException(String file, String place, String expected, String found) {
    this(file, place, -1, expected, found, null);
  }

  /**
   * Makes the exception for a place that is not known as a byte.
   *
   * @param file the file, as it was named by who opened it
   * @param place where it went wrong, such as {@code its header}
   * @param expected what should be there
   * @param found what is there
   * @param cause what reading it has thrown, or {@code null}
   */
  public FileFormatException(
      String file, String place, String expected, String found, Throwable cause) {
    this(file, place, -1, expected, found, cause);
  }

  private FileFormatException(
      String file, String place, long offset, String expected, String found, Throwable cause) {
    super(file + ": at " + place + ": expected " + expected + ", found " + found, cause);
    this.file = file;
    this.place = place;
    this.offset = offset;
  }

  /** {@return the file, as it was named by who opened it} */
  public String file() {
    return file;
  }

  /** {@return where the file went wrong, such as {@code byte 8} or {@code line 3}} */
  public String place() {
    return place;
  }

  /**
   * {@return the byte at which the file went wrong, from 0, counted in the uncompressed data; -1 if
   * {@link #place} says it in another way}
   */
  public long offset() {
    return offset;
  }
}
