package dev.lanewise.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files that are there as a whole or not at all: what every format here does, for formats of
 * your own.
 *
 * {@snippet :
 * NewFile.write(Path.of("notes.txt"), out -> out.write("done".getBytes(StandardCharsets.UTF_8)));
 * }
 */
public final class NewFile {
  private static final int BUFFER = 1 << 16;

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param out the new file, buffered; it is flushed and closed by who calls this
     * @throws IOException if writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private NewFile() {}

  /**
   * Writes a file beside its place, and moves it there once the disk has it: a failure leaves what
   * was there before.
   *
   * @param file the file; one that is there is replaced
   * @param content what it shall hold
   * @throws NoSuchFileException if its folder does not exist
   * @throws IOException if writing fails; what was there is then as it was
   */
  public static void write(Path file, Content content) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(file.toString(), null, "its folder does not exist");
    }
    String name = ".lanewise-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path beside = folder.resolve(name);
    try {
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
