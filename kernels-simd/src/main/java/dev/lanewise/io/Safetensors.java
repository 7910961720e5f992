package dev.lanewise.io;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backends;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The safetensors format for several arrays with names: a length, a header in JSON, and the
 * elements in row-major order, little-endian.
 *
 * {@snippet :
 * Safetensors model = Safetensors.read(Path.of("model.safetensors"));
 * NdArray weight = model.arrays().get("layer.weight");
 * new Safetensors(model.arrays(), Map.of("format", "pt")).write(Path.of("copy.safetensors"));
 * }
 *
 * <p>Integers of less than 32 bits become i32, {@code U32} becomes i64; {@code U64} and floats of 8
 * bits are refused.
 *
 * @param arrays the arrays by their names, in the file's order
 * @param metadata texts by their names
 */
public record Safetensors(Map<String, NdArray> arrays, Map<String, String> metadata) {
  private static final long LONGEST_HEADER = 100_000_000;
  private static final int ALIGNMENT = 8;

  /**
   * Makes one, with copies of the maps that can not be changed.
   *
   * @throws IllegalArgumentException if an array is called {@code __metadata__}, as the format
   *     calls the texts
   */
  public Safetensors {
    if (arrays.containsKey(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "safetensors: no array can be called '" + SafetensorsHeader.METADATA + "'; rename it");
    }
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * {@return what a file holds, on {@link Backends#best}}
   *
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws FileFormatException if it is not whole, not of this format, or has an array of a type
   *     that arrays do not have
   * @throws IOException if reading fails
   */
  public static Safetensors read(Path file) throws IOException {
    return read(Backends.best(), file);
  }

  /**
   * {@return what a file holds}
   *
   * @param device who computes on the arrays, in main memory
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws FileFormatException if it is not whole, not of this format, or has an array of a type
   *     that arrays do not have
   * @throws IOException if reading fails
   */
  public static Safetensors read(Device device, Path file) throws IOException {
    return open(device, file, false);
  }

  /**
   * {@return what a file holds, mapped: its pages are read when they are touched} Arrays that are
   * not in memory as they are in the file, or not aligned there, are read. What is written into the
   * arrays never reaches the file, which must not become shorter while they are in use.
   *
   * @param device who computes on the arrays, in main memory
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws java.nio.file.AccessDeniedException if the file may not be written: though nothing is,
   *     Java maps no other
   * @throws FileFormatException if it is not whole, not of this format, or has an array of a type
   *     that arrays do not have
   * @throws IOException if reading fails
   */
  public static Safetensors map(Device device, Path file) throws IOException {
    return open(device, file, true);
  }

  /**
   * {@return what a part of another file holds, for formats of your own}
   *
   * @param device who computes on the arrays, in main memory
   * @param in is read to its end
   * @param name how errors call it
   * @param size how many bytes it has; no more memory is taken
   * @throws FileFormatException if it is not whole, not of this format, or has an array of a type
   *     that arrays do not have
   * @throws IOException if reading fails
   */
  public static Safetensors read(Device device, InputStream in, String name, long size)
      throws IOException {
    Source source = new Source(Channels.newChannel(in), name, size);
    SafetensorsHeader header = header(source, size);
    Map<String, NdArray> arrays = new HashMap<>();
    // One after another, as there is no byte between them.
    for (SafetensorsHeader.Entry entry : header.byPlace()) {
      arrays.put(entry.name(), entry.type().read(device, entry.shape(), source));
    }
    return new Safetensors(header.inOrder(arrays), header.metadata());
  }

  /** {@return the header, after which the arrays lie one after another} */
  private static SafetensorsHeader header(Source source, long all) throws IOException {
    ByteBuffer size = source.take(Long.BYTES, "the length of the header");
    long length = size.order(ByteOrder.LITTLE_ENDIAN).getLong();
    long rest = all - Long.BYTES;
    if (length < 2 || length > Math.min(rest, LONGEST_HEADER)) {
      throw source.wrong(
          0,
          "a header of 2 to " + Math.min(rest, LONGEST_HEADER) + " bytes",
          Long.toUnsignedString(length));
    }
    ByteBuffer text = source.take((int) length, "the header");
    SafetensorsHeader header =
        SafetensorsHeader.parse(source, StandardCharsets.UTF_8.decode(text).toString());
    header.expectTiles(source, rest - length);
    return header;
  }

  private static Safetensors open(Device device, Path file, boolean map) throws IOException {
    try (FileChannel channel = map ? Source.openToMap(file) : Source.open(file)) {
      Source source = new Source(channel, file.toString(), channel.size());
      SafetensorsHeader header = header(source, channel.size());
      long start = source.position();
      Map<String, NdArray> arrays = new HashMap<>();
      for (SafetensorsHeader.Entry entry : header.byPlace()) {
        boolean mapped = map && entry.isMappable(start);
        arrays.put(
            entry.name(),
            mapped
                ? Mapped.array(
                    channel, start + entry.begin(), device, entry.type().dtype(), entry.shape())
                : read(device, channel, file, start, entry));
      }
      return new Safetensors(header.inOrder(arrays), header.metadata());
    }
  }

  private static NdArray read(
      Device device, FileChannel channel, Path file, long start, SafetensorsHeader.Entry entry)
      throws IOException {
    channel.position(start + entry.begin());
    Source source = new Source(channel, file.toString(), entry.end() - entry.begin());
    return entry.type().read(device, entry.shape(), source);
  }

  /**
   * Writes the arrays, of any layout. A file that is there is replaced once the new one is whole.
   *
   * @param file the file
   * @throws IOException if writing fails; the old file is then as it was
   * @throws UnsupportedOperationException on machines whose numbers are big-endian
   */
  public void write(Path file) throws IOException {
    NewFile.write(file, this::write);
  }

  /**
   * Writes the arrays, of any layout, as a part of another file: the same bytes each time.
   *
   * @param out receives them; neither flushed nor closed
   * @throws IOException if writing fails
   * @throws UnsupportedOperationException on machines whose numbers are big-endian
   */
  public void write(OutputStream out) throws IOException {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedOperationException(
          "safetensors: files are little-endian, which this machine is not; write an .npz file");
    }
    // Wider elements first: so all are aligned.
    List<Map.Entry<String, NdArray>> all = new ArrayList<>(arrays.entrySet());
    all.sort(Comparator.comparing(entry -> -entry.getValue().dtype().byteSize()));
    byte[] header = header(all);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    for (Map.Entry<String, NdArray> entry : all) {
      Elements.write(entry.getValue(), out);
    }
  }

  private byte[] header(List<Map.Entry<String, NdArray>> all) {
    List<String> fields = new ArrayList<>();
    if (!metadata.isEmpty()) {
      List<String> texts = new ArrayList<>();
      metadata.forEach((name, text) -> texts.add(Json.quoted(name) + ":" + Json.quoted(text)));
      fields.add("\"" + SafetensorsHeader.METADATA + "\":{" + String.join(",", texts) + "}");
    }
    long begin = 0;
    for (Map.Entry<String, NdArray> entry : all) {
      NdArray array = entry.getValue();
      long end = begin + array.size() * array.dtype().byteSize();
      fields.add(
          String.format(
              Locale.ROOT,
              "%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
              Json.quoted(entry.getKey()),
              array.dtype().name(),
              array.shape(),
              begin,
              end));
      begin = end;
    }
    byte[] text = ("{" + String.join(",", fields) + "}").getBytes(StandardCharsets.UTF_8);
    int padding = -text.length & ALIGNMENT - 1;
    ByteBuffer header = ByteBuffer.allocate(text.length + padding).put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }
}
