package dev.lanewise.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the jars of the peers, as in an ordinary build. */
class PeersTest {
  @TempDir private Path dir;

  @Test
  void everyMissingPeerNamesItsCure() {
    List<Peer> peers = Peers.all();
    assertEquals(
        List.of("OpenBLAS", "MKL", "libtorch", "ORT"), peers.stream().map(Peer::name).toList());
    for (Peer peer : peers) {
      assertFalse(peer.availability().isAvailable());
      assertEquals(
          "unavailable, because its jar is not on the class path; cure: run './lanewise bench"
              + " --peers', which fetches it",
          peer.availability().toString());
    }
  }

  @Test
  void aLibraryThatNoJarHasIsNotFound() {
    assertTrue(NativeJar.with("org/bytedeco/nothing", "libnothing.so").isEmpty());
  }

  @Test
  void librariesAreExtractedOnceAndBridgesNotAtAll() throws IOException {
    Path path = dir.resolve("some-1.0.jar");
    try (OutputStream file = Files.newOutputStream(path);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String name :
          List.of("a/b/libx.so.0", "a/b/liby.so", "a/b/libjnix.so", "a/b/x.h", "a/b/c/libz.so")) {
        out.putNextEntry(new JarEntry(name));
        out.write(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    Path cache = dir.resolve("cache");
    for (int i = 0; i < 2; i++) {
      try (JarFile jar = new JarFile(path.toFile())) {
        NativeJar extracted = NativeJar.extract(jar, "a/b/", cache);
        assertEquals(cache.resolve("some-1.0.jar"), extracted.folder());
        try (Stream<Path> files = Files.list(extracted.folder())) {
          assertEquals(
              List.of("libx.so.0", "liby.so"),
              files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertEquals("a/b/liby.so", Files.readString(extracted.folder().resolve("liby.so")));
      }
    }
  }
}
