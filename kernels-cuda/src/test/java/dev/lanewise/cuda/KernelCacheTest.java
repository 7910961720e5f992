package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
  private static final byte[] CODE = {1, 2, 3, 0, -1};

  @Test
  void whatWasWrittenIsReadByTheNextProgram(@TempDir Path folder) throws IOException {
    Path below = folder.resolve("lanewise").resolve("cuda");
    new KernelCache(below).write("key", CODE);
    assertArrayEquals(CODE, new KernelCache(below).read("key"));
    assertNull(new KernelCache(below).read("other"));
    new KernelCache(below).write("key", new byte[] {9});
    assertArrayEquals(new byte[] {9}, new KernelCache(below).read("key"));
    try (Stream<Path> files = Files.list(below)) {
      assertEquals(1, files.count(), "nothing half-written is left");
    }
  }

  @Test
  void whatIsDamagedIsNotThere(@TempDir Path folder) throws IOException {
    KernelCache cache = new KernelCache(folder);
    cache.write("key", CODE);
    Path file = folder.resolve("key");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      Files.write(file, damaged);
      assertNull(cache.read("key"), "byte " + i);
      byte[] cut = new byte[i];
      System.arraycopy(whole, 0, cut, 0, i);
      Files.write(file, cut);
      assertNull(cache.read("key"), "cut at " + i);
    }
  }

  @Test
  void aFolderThatCanNotBeMadeCostsNothing(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("a file"));
    KernelCache cache = new KernelCache(file.resolve("cuda"));
    cache.write("key", CODE);
    assertNull(cache.read("key"));
  }

  @Test
  void withoutAFolderNothingIsKept() {
    KernelCache cache = new KernelCache(null);
    cache.write("key", CODE);
    assertNull(cache.read("key"));
  }

  @Test
  void aNameThatIsNoFoldersIsRefused() {
    String before = System.getProperty(KernelCache.PROPERTY);
    System.setProperty(KernelCache.PROPERTY, "a\0b");
    try {
      String message =
          assertThrows(IllegalArgumentException.class, KernelCache::configured).getMessage();
      assertTrue(
          message.startsWith("system property lanewise.cuda.cache names no folder: "), message);
      assertTrue(message.endsWith("; give a folder, or 'none'"), message);
    } finally {
      if (before == null) {
        System.clearProperty(KernelCache.PROPERTY);
      } else {
        System.setProperty(KernelCache.PROPERTY, before);
      }
    }
  }
}
