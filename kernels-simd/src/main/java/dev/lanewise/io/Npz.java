package dev.lanewise.io;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backends;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * NumPy's file format for several arrays: a zip archive of {@code .npy} files.
 *
 * {@snippet :
 * Map<String, NdArray> arrays = Npz.read(Path.of("weights.npz"));
 * Npz.write(Path.of("copy.npz"), arrays);
 * }
 */
public final class Npz {
  private static final String ENDING = ".npy";

  /** No deflated data becomes more than so many times its size. */
  private static final long MOST_INFLATED = 1032;

  private Npz() {}

  /**
   * {@return the arrays of a file by their names, on {@link Backends#best}, in the file's order}
   *
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws FileFormatException if it is no such archive, or an array in it is not as {@link
   *     Npy#read} expects
   * @throws IOException if reading fails
   */
  public static Map<String, NdArray> read(Path file) throws IOException {
    return read(Backends.best(), file);
  }

  /**
   * {@return the arrays of a file by their names, in the file's order}
   *
   * @param device who computes on them, in main memory
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws FileFormatException if it is no such archive, or an array in it is not as {@link
   *     Npy#read} expects
   * @throws IOException if reading fails
   */
  public static Map<String, NdArray> read(Device device, Path file) throws IOException {
    Source.open(file).close(); // says what is wrong with its name
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (!name.endsWith(ENDING)) {
          throw new FileFormatException(file.toString(), 0, "only .npy files", "'" + name + "'");
        }
        String key = name.substring(0, name.length() - ENDING.length());
        if (arrays.put(key, read(device, file, zip, entry)) != null) {
          throw new FileFormatException(
              file.toString(), 0, "each name once", "'" + name + "' twice");
        }
      }
    } catch (ZipException | EOFException e) {
      throw new FileFormatException(
          file.toString(), 0, "a whole zip archive of .npy files", e.getMessage(), e);
    }
    return arrays;
  }

  private static NdArray read(Device device, Path file, ZipFile zip, ZipEntry entry)
      throws IOException {
    String name = file + "!" + entry.getName();
    if (entry.getSize() / MOST_INFLATED > Math.min(entry.getCompressedSize(), Files.size(file))) {
      throw new FileFormatException(
          name,
          0,
          "at most " + MOST_INFLATED + " times " + entry.getCompressedSize() + " bytes",
          entry.getSize() + " bytes promised");
    }
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      Source source = new Source(Channels.newChannel(in), name, entry.getSize());
      NdArray array = Npy.read(device, source);
      long sum = in.getChecksum().getValue();
      if (sum != entry.getCrc()) {
        throw source.wrong(
            source.position(), "the sum %08x".formatted(entry.getCrc()), "%08x".formatted(sum));
      }
      return array;
    }
  }

  /**
   * Writes arrays, as NumPy's {@code savez} does. A file that is there is replaced once the new one
   * is whole.
   *
   * @param file the file
   * @param arrays the arrays by their names; not bf16, which NumPy does not have
   * @throws dev.lanewise.array.DTypeException if an array is bf16
   * @throws IOException if writing fails; the old file is then as it was
   */
  public static void write(Path file, Map<String, NdArray> arrays) throws IOException {
    List<Map.Entry<String, NdArray>> all = List.copyOf(arrays.entrySet());
    List<byte[]> headers =
        all.stream().map(e -> NpyHeader.write(e.getValue().dtype(), e.getValue().shape())).toList();
    NewFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (int i = 0; i < all.size(); i++) {
            write(zip, all.get(i).getKey(), headers.get(i), all.get(i).getValue());
          }
          zip.finish();
        });
  }

  private static void write(ZipOutputStream zip, String name, byte[] header, NdArray array)
      throws IOException {
    // Entries that are not deflated tell their sum first.
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    Npy.write(sum, header, array);
    ZipEntry entry = new ZipEntry(name + ENDING);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(header.length + array.size() * array.dtype().byteSize());
    entry.setCrc(sum.getChecksum().getValue());
    zip.putNextEntry(entry);
    Npy.write(zip, header, array);
    zip.closeEntry();
  }
}
