package dev.lanewise.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message in the wire format of Protocol Buffers: each field is its number and kind,
 * then the value.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int LENGTH_FIRST = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Writes a whole number. */
  Protobuf put(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** Writes several whole numbers as one field each. */
  Protobuf put(int field, long... values) {
    for (long value : values) {
      put(field, value);
    }
    return this;
  }

  /** Writes a text. */
  Protobuf put(int field, String text) {
    return put(field, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a message inside this one. */
  Protobuf put(int field, Protobuf message) {
    return put(field, message.toByteArray());
  }

  /** Writes numbers as their bytes, little-endian. */
  Protobuf put(int field, float[] values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return put(field, raw.array());
  }

  private Protobuf put(int field, byte[] value) {
    tag(field, LENGTH_FIRST);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void tag(int field, int kind) {
    varint((long) field << 3 | kind);
  }

  /** Seven bits in each byte, the lowest first; the eighth says that more follow. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  /** {@return what was written} */
  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
