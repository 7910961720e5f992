package dev.lanewise.bench.peer;

import dev.lanewise.kernel.Availability;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The shared libraries in a jar of the class path, extracted to a cache in the user's folder.
 *
 * @param jarName the jar's file name
 * @param folder where its libraries are now
 */
record NativeJar(String jarName, Path folder) {
  /** What to say where a jar is missing. */
  static final Availability.Unavailable MISSING =
      new Availability.Unavailable(
          "its jar is not on the class path", "run './lanewise bench --peers', which fetches it");

  /** {@return the name of this platform in bytedeco's jars, for example {@code linux-x86_64}} */
  static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String system = os.startsWith("linux") ? "linux" : os.startsWith("mac") ? "macosx" : "windows";
    return system
        + "-"
        + switch (arch) {
          case "amd64" -> "x86_64";
          case "aarch64" -> "arm64";
          default -> arch;
        };
  }

  /**
   * {@return the extracted jar that holds a library, or empty if none on the class path does}
   *
   * @param folder the libraries' folder in the jar
   * @param library the file name of the one that is looked for
   */
  static Optional<NativeJar> with(String folder, String library) {
    URL url = NativeJar.class.getClassLoader().getResource(folder + "/" + library);
    if (url == null) {
      return Optional.empty();
    }
    try {
      if (url.openConnection() instanceof JarURLConnection connection) {
        try (JarFile jar = new JarFile(connection.getJarFile().getName())) {
          return Optional.of(extract(jar, folder + "/", cache()));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(url + ": cannot be extracted: " + e.getMessage(), e);
    }
  }

  /** {@return the jar, extracted to a folder of its own in the cache} */
  static NativeJar extract(JarFile jar, String folder, Path cache) throws IOException {
    Path name = Path.of(jar.getName()).getFileName();
    Path to = cache.resolve(name.toString());
    Files.createDirectories(to);
    for (JarEntry entry : jar.stream().filter(entry -> isLibrary(entry, folder)).toList()) {
      Path file = to.resolve(entry.getName().substring(folder.length()));
      if (Files.exists(file) && Files.size(file) == entry.getSize()) {
        continue;
      }
      // Another process may extract the same: nobody sees half a file.
      Path part = Files.createTempFile(to, "part", null);
      try (InputStream in = jar.getInputStream(entry)) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return new NativeJar(name.toString(), to);
  }

  /** Bytedeco's own bridges are not wanted. */
  private static boolean isLibrary(JarEntry entry, String folder) {
    String name = entry.getName();
    return name.startsWith(folder)
        && name.indexOf('/', folder.length()) < 0
        && name.matches(".*\\.(so[.0-9]*|dylib|dll)")
        && !name.substring(folder.length()).startsWith("libjni");
  }

  private static Path cache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("lanewise");
  }
}
