package dev.lanewise.nn.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files for tests, by the letter of the format and sharing nothing with the reader. */
final class IdxBytes {
  private IdxBytes() {}

  /** A file of the elements of a primitive array; {@code code} is the byte of its type. */
  static byte[] of(int code, int[] dims, Object elements) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(header(code, dims));
    switch (elements) {
      case byte[] values -> out.write(values);
      case short[] values -> {
        for (short value : values) {
          out.writeShort(value);
        }
      }
      case int[] values -> {
        for (int value : values) {
          out.writeInt(value);
        }
      }
      case float[] values -> {
        for (float value : values) {
          out.writeFloat(value);
        }
      }
      case double[] values -> {
        for (double value : values) {
          out.writeDouble(value);
        }
      }
      default -> throw new AssertionError(elements.getClass());
    }
    return bytes.toByteArray();
  }

  static byte[] header(int code, int... dims) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeShort(0);
    out.writeByte(code);
    out.writeByte(dims.length);
    for (int dim : dims) {
      out.writeInt(dim);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  static byte[] concat(byte[] a, byte[] b) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(a);
    bytes.writeBytes(b);
    return bytes.toByteArray();
  }
}
