package dev.lanewise.nn.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fields of one column, as UTF-8 one after the other: some bytes a field, where a string each
 * would take fifty.
 */
final class CsvColumn {
  /** The longest array that every JVM can make. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final String name;
  private byte[] text = new byte[8];

  /** Where each field ends in {@code text}. */
  private int[] ends = new int[2];

  private int size;

  CsvColumn(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /**
   * Adds a field below the others.
   *
   * @return whether there was room: a column ends at 2 GB
   */
  boolean append(char[] chars, int from, int length) {
    int ascii = 0;
    while (ascii < length && chars[from + ascii] < 0x80) {
      ascii++;
    }
    byte[] encoded = null;
    if (ascii < length) {
      encoded = new String(chars, from, length).getBytes(StandardCharsets.UTF_8);
      length = encoded.length;
    }
    int start = end(size - 1);
    if (length > MAX_ARRAY - start || size == MAX_ARRAY) {
      return false;
    }
    if (start + length > text.length) {
      text = Arrays.copyOf(text, (int) Math.min(MAX_ARRAY, Math.max(start + length, 2L * start)));
    }
    if (encoded != null) {
      System.arraycopy(encoded, 0, text, start, length);
    } else {
      for (int i = 0; i < length; i++) {
        text[start + i] = (byte) chars[from + i];
      }
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, (int) Math.min(MAX_ARRAY, 2L * size));
    }
    ends[size++] = start + length;
    return true;
  }

  String get(int row) {
    int start = end(row - 1);
    return new String(text, start, ends[row] - start, StandardCharsets.UTF_8);
  }

  private int end(int row) {
    return row < 0 ? 0 : ends[row];
  }
}
