package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** Reads event files with TensorFlow's own messages, and check sums of its own. */
final class EventFile {
  private EventFile() {}

  /** {@return the events of a file, which must be whole, without the version it starts with} */
  static List<Event> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(bytes.position(), length);
      byte[] data = new byte[Math.toIntExact(bytes.getLong())];
      assertEquals(maskedSum(length), bytes.getInt(), "the sum of the length");
      bytes.get(data);
      assertEquals(maskedSum(data), bytes.getInt(), "the sum of the data");
      events.add(Event.parseFrom(data));
    }
    assertEquals("brain.Event:2", events.getFirst().getFileVersion());
    for (Event event : events) {
      double age = System.currentTimeMillis() / 1000.0 - event.getWallTime();
      assertTrue(age > -1 && age < 600, () -> age + " seconds old");
      assertTrue(event.getUnknownFields().asMap().isEmpty(), event::toString);
    }
    return events.subList(1, events.size());
  }

  /** {@return the file of a folder that has one} */
  static Path only(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all::toString);
      return all.getFirst();
    }
  }

  /** {@return the one value of an event} */
  static Summary.Value value(Event event) {
    assertEquals(1, event.getSummary().getValueCount());
    return event.getSummary().getValue(0);
  }

  /** {@return the one value of the one event of the one file of a folder} */
  static Summary.Value onlyValue(Path folder) throws IOException {
    List<Event> events = read(only(folder));
    assertEquals(1, events.size());
    return value(events.getFirst());
  }

  /** The sum bit by bit (RFC 3720, appendix B.4), and masked as TensorFlow's crc32c.h says. */
  static int maskedSum(byte[] bytes) {
    int sum = -1;
    for (byte b : bytes) {
      sum ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        sum = (sum & 1) == 0 ? sum >>> 1 : sum >>> 1 ^ 0x82f63b78;
      }
    }
    sum = ~sum;
    return (sum >>> 15 | sum << 17) + 0xa282ead8;
  }

  /** {@return a sum without its mask, to try {@link #maskedSum} itself} */
  static int sum(String text) {
    int masked = maskedSum(text.getBytes(StandardCharsets.US_ASCII)) - 0xa282ead8;
    return masked >>> 17 | masked << 15;
  }
}
