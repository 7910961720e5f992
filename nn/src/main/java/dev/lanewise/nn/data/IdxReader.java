package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Takes an IDX stream apart, counting bytes so that an error can say where it is. */
final class IdxReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  /** The longest array that every JVM can make. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final InputStream in;
  private final String name;
  private long position;

  private IdxReader(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  static IdxReader open(InputStream in, String name) throws IOException {
    var buffered = new BufferedInputStream(in, BUFFER);
    try {
      buffered.mark(2);
      boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
      buffered.reset();
      return new IdxReader(gzip ? new GZIPInputStream(buffered, BUFFER) : buffered, name);
    } catch (EOFException | ZipException e) {
      buffered.close();
      throw damaged(name, 0, e);
    } catch (IOException e) {
      buffered.close();
      throw e;
    }
  }

  /** Reads the first three bytes. */
  IdxFile.Type type() throws IOException {
    byte[] magic = take(3, 3, "the first bytes of an IDX file");
    if (magic[0] != 0 || magic[1] != 0) {
      throw new FileFormatException(
          name,
          0,
          "an IDX file, which starts with two zero bytes",
          "0x%02x 0x%02x".formatted(magic[0], magic[1]));
    }
    return IdxFile.Type.ofCode(magic[2])
        .orElseThrow(
            () ->
                new FileFormatException(
                    name,
                    2,
                    "an element type (0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e)",
                    "0x%02x".formatted(magic[2])));
  }

  /** Reads the number of dimensions and the dimensions. */
  int[] dims() throws IOException {
    int rank = take(1, 1, "the number of dimensions")[0] & 0xff;
    if (rank == 0) {
      throw new FileFormatException(name, 3, "1 to 255 dimensions", "0");
    }
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      long start = position;
      byte[] raw = take(4, 4, "dimension " + i + " of " + rank);
      for (byte b : raw) {
        dims[i] = dims[i] << 8 | b & 0xff;
      }
      if (dims[i] < 0) {
        throw new FileFormatException(
            name,
            start,
            "a dimension from 0 to " + Integer.MAX_VALUE,
            Integer.toUnsignedString(dims[i]));
      }
    }
    return dims;
  }

  /** Reads the elements; {@code sizeHint} is the size of the file as it lies on disk, or 0. */
  byte[] elements(IdxFile.Type type, int[] dims, long sizeHint) throws IOException {
    long bytes = Arrays.stream(dims).anyMatch(dim -> dim == 0) ? 0 : type.bytes();
    for (int i = 0; i < dims.length && bytes > 0; i++) {
      if (bytes > MAX_ARRAY / dims[i]) {
        throw new FileFormatException(
            name,
            position,
            "at most " + MAX_ARRAY + " bytes of elements",
            "a header that promises more: " + type + " " + Arrays.toString(dims));
      }
      bytes *= dims[i];
    }
    // Images shrink to about half when compressed: 8 times the file is enough for most at once.
    long first = Math.max(BUFFER, 8 * sizeHint);
    return take((int) bytes, first, type + " elements of " + Arrays.toString(dims));
  }

  void expectEnd() throws IOException {
    if (read(new byte[1], 0) > 0) {
      throw new FileFormatException(name, position - 1, "the end of the data", "more bytes");
    }
  }

  /** Reads exactly {@code count} bytes into an array that starts small and grows as they come. */
  private byte[] take(int count, long first, String what) throws IOException {
    long start = position;
    byte[] bytes = new byte[(int) Math.min(count, first)];
    for (int filled = 0; filled < count; ) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * filled));
      }
      int n = read(bytes, filled);
      if (n < 0) {
        throw new FileFormatException(
            name,
            position,
            "%s, %d bytes from byte %d".formatted(what, count, start),
            "the end of the data after %d of them".formatted(filled));
      }
      filled += n;
    }
    return bytes;
  }

  /** Reads into {@code bytes} from an index on; returns how many, -1 at the end. */
  private int read(byte[] bytes, int from) throws IOException {
    try {
      int n = in.read(bytes, from, bytes.length - from);
      position += Math.max(n, 0);
      return n;
    } catch (EOFException | ZipException e) {
      throw damaged(name, position, e);
    }
  }

  private static FileFormatException damaged(String name, long position, IOException cause) {
    String reason =
        cause instanceof EOFException
            ? "a gzip file that ends too early"
            : "a damaged gzip file (" + cause.getMessage() + ")";
    return new FileFormatException(name, position, "gzip-compressed data", reason, cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
