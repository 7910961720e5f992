package dev.lanewise.nn;

import dev.lanewise.array.NdArray;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.NewFile;
import dev.lanewise.io.Safetensors;
import dev.lanewise.nn.internal.NamedWeights;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The zip archive of a model: its parts, not deflated, each with its sum. */
final class ModelArchive implements AutoCloseable {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "weights.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";

  private static final List<String> PARTS = List.of(CONFIG, WEIGHTS, OPTIMIZER);

  /** Far more than a model's settings need. */
  private static final long LONGEST_CONFIG = 1 << 26;

  /** The earliest that a zip archive can tell: the same model makes the same file. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  private ModelArchive(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    long most = Files.size(file);
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      if (!PARTS.contains(name)) {
        throw wrong("its parts", "only " + PARTS, "'" + name + "'");
      }
      if (entries.put(name, entry) != null) {
        throw wrong("its parts", "each once", "'" + name + "' twice");
      }
      long size = entry.getSize();
      if (entry.getMethod() != ZipEntry.STORED
          || size < 0
          || size > most
          || size != entry.getCompressedSize()) {
        throw wrong(name, "a part that is not deflated, of at most " + most + " bytes", "" + size);
      }
    }
    if (!has(CONFIG)) {
      throw wrong("its parts", CONFIG, entries.keySet().toString());
    }
    if (entries.get(CONFIG).getSize() > LONGEST_CONFIG) {
      throw wrong(
          CONFIG, "at most " + LONGEST_CONFIG + " bytes", "" + entries.get(CONFIG).getSize());
    }
  }

  /** {@return an archive whose parts are all known, and no longer than the file} */
  static ModelArchive open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file; check the spelling");
    }
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      return new ModelArchive(file, zip);
    } catch (IOException e) {
      if (zip != null) {
        zip.close();
      }
      throw e instanceof ZipException || e instanceof EOFException ? damaged(file, e) : e;
    }
  }

  private static FileFormatException damaged(Path file, Exception e) {
    return new FileFormatException(
        file.toString(), 0, "a whole zip archive of a model", e.getMessage(), e);
  }

  boolean has(String part) {
    return entries.containsKey(part);
  }

  FileFormatException wrong(String place, String expected, String found) {
    return new FileFormatException(file.toString(), place, expected, found);
  }

  /** {@return the bytes of the config, whose length was checked} */
  byte[] config() throws IOException {
    return read(CONFIG, InputStream::readAllBytes);
  }

  /** {@return the arrays of a part} */
  Map<String, NdArray> tensors(String part) throws IOException {
    if (!has(part)) {
      throw wrong("its parts", part, entries.keySet().toString());
    }
    return read(
        part,
        in ->
            Safetensors.read(
                    NamedWeights.host(), in, file + "!" + part, entries.get(part).getSize())
                .arrays());
  }

  /** Reads a part to its end. */
  private interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  private <T> T read(String part, Reader<T> reader) throws IOException {
    ZipEntry entry = entries.get(part);
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      T read = reader.read(in);
      long sum = in.getChecksum().getValue();
      if (sum != entry.getCrc()) {
        throw wrong(part, "the sum %08x".formatted(entry.getCrc()), "%08x".formatted(sum));
      }
      return read;
    } catch (ZipException | EOFException e) {
      throw damaged(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** Writes an archive. */
  static void write(OutputStream out, Map<String, NewFile.Content> parts) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, NewFile.Content> part : parts.entrySet()) {
      // Parts that are not deflated tell their size and their sum first.
      Counter counter = new Counter();
      CheckedOutputStream sum = new CheckedOutputStream(counter, new CRC32());
      part.getValue().writeTo(sum);
      ZipEntry entry = new ZipEntry(part.getKey());
      entry.setMethod(ZipEntry.STORED);
      entry.setTimeLocal(TIME);
      entry.setSize(counter.count);
      entry.setCrc(sum.getChecksum().getValue());
      zip.putNextEntry(entry);
      part.getValue().writeTo(zip);
      zip.closeEntry();
    }
    zip.finish();
  }

  /** Counts bytes. */
  private static final class Counter extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      count += length;
    }
  }
}
