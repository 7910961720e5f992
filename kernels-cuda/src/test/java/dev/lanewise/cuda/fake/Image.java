package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What the compiler's double gives as machine code or as PTX: a line that says what it is, and the
 * source. The line has a checksum, so that what was cut or mixed up on its way is no image.
 *
 * @param binary whether it is machine code, which suits one major architecture alone
 * @param architecture for example 80
 * @param source the CUDA C
 */
record Image(boolean binary, int architecture, String source) {

  private static final String BINARY = "LANEWISE-DOUBLE-CUBIN sm_";
  private static final String PTX = "// LANEWISE-DOUBLE-PTX compute_";
  private static final int LONGEST_LINE = 100;
  private static final Pattern LINE = Pattern.compile("(.*_)(\\d+) ([0-9a-f]{8}) (\\d+)");

  private static long checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  /** {@return the image with a final zero, as PTX has it} */
  byte[] bytes() {
    byte[] text = source.getBytes(StandardCharsets.UTF_8);
    String line = (binary ? BINARY : PTX) + architecture;
    line += " %08x %d\n".formatted(checksum(text), text.length);
    return (line + source + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /** {@return the image behind a host pointer, or empty if there is none} */
  static Optional<Image> at(HostMemory host, MemorySegment pointer) {
    var line = new StringBuilder();
    for (int i = 0; i < LONGEST_LINE; i++) {
      char next = (char) (host.at(pointer, i + 1).get(ValueLayout.JAVA_BYTE, i) & 0xFF);
      if (next == '\n') {
        break;
      }
      line.append(next);
      // No byte beyond the first that is wrong: the size of what lies here is not known.
      if (!isBeginning(line, BINARY) && !isBeginning(line, PTX)) {
        return Optional.empty();
      }
    }
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int length = Integer.parseInt(parts.group(4));
    MemorySegment all = host.at(pointer, line.length() + 1L + length);
    byte[] source = all.asSlice(line.length() + 1L).toArray(ValueLayout.JAVA_BYTE);
    if (checksum(source) != Long.parseLong(parts.group(3), 16)) {
      return Optional.empty();
    }
    return Optional.of(
        new Image(
            parts.group(1).equals(BINARY),
            Integer.parseInt(parts.group(2)),
            new String(source, StandardCharsets.UTF_8)));
  }

  private static boolean isBeginning(StringBuilder line, String prefix) {
    int length = Math.min(line.length(), prefix.length());
    return line.substring(0, length).equals(prefix.substring(0, length));
  }
}
