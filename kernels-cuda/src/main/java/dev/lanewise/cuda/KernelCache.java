package dev.lanewise.cuda;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Compiled kernels in a folder, one file each, so that the next program need not compile them. A
 * file that is damaged, or a folder that can not be written, costs time and nothing else.
 */
final class KernelCache {
  /** The system property that names the folder; {@value #NONE} for none. */
  static final String PROPERTY = "lanewise.cuda.cache";

  private static final String NONE = "none";
  private static final int SUM_BYTES = Long.BYTES;
  private static final System.Logger LOG = System.getLogger("dev.lanewise.cuda");

  /** Null for no folder. */
  private final Path folder;

  private boolean writable = true;

  /**
   * Keeps kernels in a folder.
   *
   * @param folder made when something is first written; null for none
   */
  KernelCache(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return the cache in the folder that {@value #PROPERTY} names, or else the user's}
   *
   * @throws IllegalArgumentException if the property's value can not be a folder
   */
  static KernelCache configured() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return new KernelCache(named.equals(NONE) ? null : folder(named));
    }
    return new KernelCache(caches().resolve("lanewise").resolve("cuda"));
  }

  private static Path folder(String named) {
    try {
      return Path.of(named);
    } catch (InvalidPathException invalid) {
      throw new IllegalArgumentException(
          "system property %s names no folder: %s; give a folder, or '%s'"
              .formatted(PROPERTY, invalid.getMessage(), NONE),
          invalid);
    }
  }

  /** Where this system wants programs to keep what they can make again. */
  private static Path caches() {
    for (String variable : new String[] {"XDG_CACHE_HOME", "LOCALAPPDATA"}) {
      String folder = System.getenv(variable);
      if (folder != null && !folder.isBlank()) {
        return Path.of(folder);
      }
    }
    return Path.of(System.getProperty("user.home"), ".cache");
  }

  /**
   * {@return what was written under a key, or null if nothing was, or it is damaged}
   *
   * @param key a file name
   */
  byte[] read(String key) {
    if (folder == null) {
      return null;
    }
    try {
      byte[] file = Files.readAllBytes(folder.resolve(key));
      if (file.length <= SUM_BYTES) {
        return null;
      }
      byte[] code = Arrays.copyOfRange(file, SUM_BYTES, file.length);
      return ByteBuffer.wrap(file).getLong() == sum(code) ? code : null;
    } catch (IOException _) {
      return null;
    }
  }

  /**
   * Keeps something under a key.
   *
   * @param key a file name
   * @param code what is kept
   */
  void write(String key, byte[] code) {
    if (folder == null || !writable) {
      return;
    }
    byte[] file = ByteBuffer.allocate(SUM_BYTES + code.length).putLong(sum(code)).put(code).array();
    try {
      Files.createDirectories(folder);
      // Renamed when it is whole, so that no program reads half of it.
      Path part = Files.createTempFile(folder, "part", null);
      try {
        Files.write(part, file);
        Files.move(part, folder.resolve(key), StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      writable = false;
      LOG.log(
          Level.DEBUG,
          "compiled kernels are not kept: {0}; name another folder by -D{1}=FOLDER",
          e,
          PROPERTY);
    }
  }

  private static long sum(byte[] code) {
    CRC32C sum = new CRC32C();
    sum.update(code);
    return sum.getValue();
  }
}
