package dev.lanewise.io;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backends;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * NumPy's file format for one array, of the versions 1 to 3 (NEP 1).
 *
 * {@snippet :
 * NdArray x = Npy.read(Path.of("x.npy"));
 * Npy.write(Path.of("copy.npy"), x);
 * }
 *
 * <p>{@code float32}, {@code float64}, {@code float16}, {@code int32}, {@code int64} and {@code
 * bool} are read as they are, in either byte order; shorter integers become i32, {@code uint32}
 * becomes i64. Other types are refused.
 */
public final class Npy {
  private Npy() {}

  /**
   * {@return the array of a file, on {@link Backends#best}}
   *
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws FileFormatException if it is not whole, not of this format, or of a type that arrays do
   *     not have
   * @throws IOException if reading fails
   */
  public static NdArray read(Path file) throws IOException {
    return read(Backends.best(), file);
  }

  /**
   * {@return the array of a file}
   *
   * @param device who computes on it, in main memory
   * @param file the file
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws FileFormatException if it is not whole, not of this format, or of a type that arrays do
   *     not have
   * @throws IOException if reading fails
   */
  public static NdArray read(Device device, Path file) throws IOException {
    try (FileChannel channel = Source.open(file)) {
      return read(device, new Source(channel, file.toString(), channel.size()));
    }
  }

  /** {@return the array that a source holds, and nothing else} */
  static NdArray read(Device device, Source source) throws IOException {
    NpyHeader header = NpyHeader.read(source);
    source.expectRest(header.bytes());
    return header.arrange(header.type().read(device, header.stored(), source));
  }

  /**
   * {@return the array of a file, mapped: its pages are read when they are touched} What is written
   * into the array stays in memory and never reaches the file. The file must not become shorter
   * while the array is in use.
   *
   * @param device who computes on it, in main memory
   * @param file the file; its type must be one that arrays have, in this machine's byte order
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws java.nio.file.AccessDeniedException if the file may not be written: though nothing is,
   *     Java maps no other
   * @throws FileFormatException if it is not whole, not of this format, or of a type that can not
   *     be mapped
   * @throws IOException if reading fails
   */
  public static NdArray map(Device device, Path file) throws IOException {
    try (FileChannel channel = Source.openToMap(file)) {
      Source source = new Source(channel, file.toString(), channel.size());
      NpyHeader header = NpyHeader.read(source);
      source.expectRest(header.bytes());
      if (!header.type().isPlain()) {
        throw new FileFormatException(
            file.toString(),
            0,
            "a type that is in memory as it is in the file",
            "elements of "
                + header.type().bytes()
                + " bytes, which become "
                + header.type().dtype()
                + "; read it instead");
      }
      if (source.position() % header.type().bytes() != 0) {
        throw new FileFormatException(
            file.toString(),
            source.position(),
            "elements at a multiple of their size",
            "them here; read it instead");
      }
      return header.arrange(
          Mapped.array(channel, source.position(), device, header.type().dtype(), header.stored()));
    }
  }

  /**
   * Writes an array, of any layout, in row-major order. A file that is there is replaced once the
   * new one is whole.
   *
   * @param file the file
   * @param array the array; not bf16, which NumPy does not have
   * @throws dev.lanewise.array.DTypeException if the array is bf16
   * @throws IOException if writing fails; the old file is then as it was
   */
  public static void write(Path file, NdArray array) throws IOException {
    byte[] header = NpyHeader.write(array.dtype(), array.shape());
    NewFile.write(file, out -> write(out, header, array));
  }

  static void write(OutputStream out, byte[] header, NdArray array) throws IOException {
    out.write(header);
    Elements.write(array, out);
  }
}
