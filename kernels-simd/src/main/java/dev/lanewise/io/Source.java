package dev.lanewise.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file, or a part of one, as it is read: where reading is, and how errors name it. */
final class Source {
  /** Buffers index by int. */
  private static final long MOST_AT_ONCE = 1 << 30;

  private final ReadableByteChannel channel;
  private final String name;
  private final long size;
  private long position;

  /**
   * Begins to read.
   *
   * @param channel what is read
   * @param name how errors call it
   * @param size how many bytes it has
   */
  Source(ReadableByteChannel channel, String name, long size) {
    this.channel = channel;
    this.name = name;
    this.size = size;
  }

  /** {@return a file, opened to be read} */
  static FileChannel open(Path file) throws IOException {
    return open(file, StandardOpenOption.READ);
  }

  /**
   * {@return a file, opened so that {@link Mapped} may map it} Java asks for a file that can be
   * written, though nothing is.
   */
  static FileChannel openToMap(Path file) throws IOException {
    return open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static FileChannel open(Path file, OpenOption... options) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileFormatException(file.toString(), 0, "a file", "a folder");
    }
    try {
      return FileChannel.open(file, options);
    } catch (NoSuchFileException _) {
      throw new NoSuchFileException(file.toString(), null, "no such file; check the spelling");
    }
  }

  /** {@return how many bytes were read} */
  long position() {
    return position;
  }

  /** {@return the next bytes} */
  ByteBuffer take(int count, String what) throws IOException {
    if (count > size - position) {
      throw wrong(size, what, "the end");
    }
    ByteBuffer bytes = ByteBuffer.allocate(count);
    fill(bytes, what);
    return bytes.flip();
  }

  /** Reads the next bytes into memory. */
  void fill(MemorySegment to) throws IOException {
    for (long done = 0; done < to.byteSize(); ) {
      long count = Math.min(MOST_AT_ONCE, to.byteSize() - done);
      fill(to.asSlice(done, count).asByteBuffer(), "elements");
      done += count;
    }
  }

  private void fill(ByteBuffer to, String what) throws IOException {
    while (to.hasRemaining()) {
      int count = channel.read(to);
      if (count < 0) {
        throw wrong(position, what, "the end");
      }
      position += count;
    }
  }

  /** Refuses a source in which another number of bytes follows. */
  void expectRest(long bytes) throws IOException {
    long rest = size - position;
    if (rest != bytes) {
      throw wrong(position, bytes + " bytes of elements", rest + " bytes");
    }
  }

  FileFormatException wrong(long at, String expected, String found) {
    return wrong(at, expected, found, null);
  }

  FileFormatException wrong(long at, String expected, String found, Throwable cause) {
    return new FileFormatException(name, at, expected, found, cause);
  }
}
